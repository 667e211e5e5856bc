/** Sound made and measured by the page itself: a microphone's level, a tone, some seconds recorded. Sends nothing anywhere. */

const EVERY = 100; // ms between two looks at the level
export const TONE = 1_600; // ms
const LOUD = 0.02; // root mean square, of 1: quiet speech an arm's length away is above, a silent room below

/** Calls `show` with the level 0..1 (root mean square, widened) and whether it is speech; returns how to stop. */
export function watchLevel(track: MediaStreamTrack, show: (level: number, isLoud: boolean) => void): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    show(Math.min(1, level * 4), level > LOUD);
  }, EVERY);
  void context.resume();
  return () => {
    clearInterval(timer);
    source.disconnect();
    void context.close();
  };
}

/** Three soft notes upwards, once. */
export async function playTone(): Promise<void> {
  const context = new AudioContext();
  await context.resume();
  const gain = new GainNode(context, { gain: 0 });
  const oscillator = new OscillatorNode(context, { type: "sine" });
  oscillator.connect(gain).connect(context.destination);
  const start = context.currentTime + 0.05;
  [523.25, 659.25, 783.99].forEach((frequency, nth) => {
    const at = start + nth * 0.5;
    oscillator.frequency.setValueAtTime(frequency, at);
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.35, at + 0.04);
    gain.gain.linearRampToValueAtTime(0, at + 0.45);
  });
  oscillator.start(start);
  oscillator.stop(start + TONE / 1000);
  await new Promise((done) => setTimeout(done, TONE));
  await context.close();
}

export const mayRecord = (): boolean => typeof MediaRecorder !== "undefined";

/** Some milliseconds of a track, in whatever form this browser plays back. */
export function recordTrack(track: MediaStreamTrack, length: number): Promise<Blob> {
  return new Promise((done, failed) => {
    const recorder = new MediaRecorder(new MediaStream([track]));
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => done(new Blob(parts, { type: recorder.mimeType }));
    recorder.onerror = () => failed(new Error("the recorder gave up"));
    recorder.start();
    setTimeout(() => recorder.state !== "inactive" && recorder.stop(), length);
  });
}
