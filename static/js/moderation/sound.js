// Two soft notes: somebody is needed. Made here, no file is loaded. Whether somebody wants to hear it is asked by who calls.

const NOTES = [587.3, 880]; // hertz
const APART = 0.22; // seconds
const LASTS = 0.9;
const LOUD = 0.25; // of 1
const WAITS = 300; // milliseconds that a browser may take to let the page sound

let context = null;

// Resolves with whether it is heard: a browser lets a page sound only after somebody touched it.
export async function play() {
  if (!(await canSound())) return false;
  NOTES.forEach((pitch, number) => note(pitch, context.currentTime + number * APART));
  return true;
}

async function canSound() {
  if (!("AudioContext" in window) || navigator.userActivation?.hasBeenActive === false) return false;
  context ??= new AudioContext();
  if (context.state !== "running") {
    await Promise.race([context.resume().catch(() => {}), new Promise((go) => setTimeout(go, WAITS))]);
  }
  return context.state === "running";
}

function note(pitch, from) {
  const tone = new OscillatorNode(context, { type: "sine", frequency: pitch });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(LOUD, from + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, from + LASTS);
  tone.connect(volume).connect(context.destination);
  tone.start(from);
  tone.stop(from + LASTS);
}
