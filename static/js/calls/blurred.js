// A picture so blurred that only somebody's outline is left: drawn very small, then large again. What was sharp never
// leaves the device. The whole picture, because to tell a person from a room needs a model, and none is loaded (docs/calls.md).

const SMALL = 20; // pixels across
const EVERY = 66; // milliseconds

export class Blurred {
  #video = document.createElement("video");
  #small = document.createElement("canvas");
  #large = document.createElement("canvas");
  #timer = 0;

  constructor(track) {
    const { width = 640, height = 480 } = track.getSettings();
    Object.assign(this.#large, { width: 640, height: Math.round((640 * height) / width) });
    Object.assign(this.#small, { width: SMALL, height: Math.max(1, Math.round((SMALL * height) / width)) });
    this.#video.muted = true;
    this.#video.srcObject = new MediaStream([track]);
    this.#video.play().catch(() => {}); // stopped before it began
    this.#draw();
    this.track = this.#large.captureStream(15).getVideoTracks()[0];
    this.#timer = setInterval(() => this.#draw(), EVERY);
  }

  close() {
    clearInterval(this.#timer);
    this.track.stop();
    this.#video.srcObject = null;
  }

  #draw() {
    const large = this.#large.getContext("2d");
    if (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return large.fillRect(0, 0, this.#large.width, this.#large.height);
    this.#small.getContext("2d").drawImage(this.#video, 0, 0, this.#small.width, this.#small.height);
    large.imageSmoothingQuality = "high";
    return large.drawImage(this.#small, 0, 0, this.#large.width, this.#large.height);
  }
}
