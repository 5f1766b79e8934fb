// Tells a screen reader about new messages, and about nothing else: the history is never read out by itself.

const LINES = 6;
const MANY = 3;

export class Announcer {
  #region;

  constructor(region) {
    this.#region = region;
  }

  // sentences: one a message; many(count): the sentence that stands for a burst.
  announce(sentences, many) {
    const lines = sentences.length > MANY ? [many(sentences.length)] : sentences;
    for (const line of lines) {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      this.#region.append(paragraph);
    }
    while (this.#region.childElementCount > LINES) this.#region.firstElementChild.remove();
  }

  // What was said may have been taken back since.
  forget() {
    this.#region.replaceChildren();
  }
}
