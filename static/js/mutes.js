// Whom this person does not want to read. Kept by the server across devices; the server still sends, the page hides.

export class Mutes {
  #ids = new Set();
  #names = new Set();

  has(id) {
    return this.#ids.has(id);
  }

  // A quoted message names its author by pseudonym only.
  hasName(pseudonym) {
    return this.#names.has(pseudonym);
  }

  // Takes over what the server says. Answers whether that is news.
  learn(ids, members) {
    const isNews = ids.length !== this.#ids.size || !ids.every((id) => this.#ids.has(id));
    this.#ids = new Set(ids);
    this.#names = new Set(members.filter(({ id }) => this.has(id)).map(({ pseudonym }) => pseudonym));
    return isNews;
  }

  turn({ id, pseudonym }, on) {
    this.#ids[on ? "add" : "delete"](id);
    this.#names[on ? "add" : "delete"](pseudonym);
  }
}
