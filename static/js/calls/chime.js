// Two soft tones, again and again, while somebody rings. No file: made here. Silent where the person has not touched the page yet,
// as browsers ask.

const EVERY = 3000; // milliseconds

export class Chime {
  #sound = null;
  #timer = 0;

  start() {
    if (this.#timer || !navigator.userActivation?.hasBeenActive) return;
    this.#sound = new AudioContext();
    this.#ring();
    this.#timer = setInterval(() => this.#ring(), EVERY);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#sound?.close();
    this.#sound = null;
  }

  #ring() {
    [523.25, 659.25].forEach((pitch, place) => this.#tone(pitch, this.#sound.currentTime + place * 0.35));
  }

  #tone(pitch, at) {
    const tone = this.#sound.createOscillator();
    const level = this.#sound.createGain();
    tone.frequency.value = pitch;
    level.gain.setValueAtTime(0, at);
    level.gain.linearRampToValueAtTime(0.12, at + 0.05);
    level.gain.exponentialRampToValueAtTime(0.001, at + 0.9);
    tone.connect(level).connect(this.#sound.destination);
    tone.start(at);
    tone.stop(at + 1);
  }
}
