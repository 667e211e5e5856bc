/** Sound and picture made by the page where a device is missing, so that the line can be tested all the same. */

const WIDTH = 640;
const HEIGHT = 360;
const EVERY = 66; // ms between two pictures
const BLOCK = 20;

interface Sent {
  audio: MediaStreamTrack;
  video: MediaStreamTrack;
  /** Ends what was made here; the devices' own tracks go on. */
  stop: () => void;
}

export function standIn(own: readonly MediaStreamTrack[]): Sent {
  const stops: Array<() => void> = [];
  const of = (kind: string, make: () => [MediaStreamTrack, () => void]): MediaStreamTrack => {
    const given = own.find((track) => track.kind === kind && track.readyState === "live");
    if (given) return given;
    const [track, stop] = make();
    stops.push(stop);
    return track;
  };
  return { audio: of("audio", quietTone), video: of("video", movingPicture), stop: () => stops.forEach((stop) => stop()) };
}

function quietTone(): [MediaStreamTrack, () => void] {
  const context = new AudioContext();
  const target = context.createMediaStreamDestination();
  const oscillator = new OscillatorNode(context, { frequency: 440 });
  oscillator.connect(new GainNode(context, { gain: 0.01 })).connect(target);
  oscillator.start();
  void context.resume();
  return [target.stream.getAudioTracks()[0] as MediaStreamTrack, () => void context.close()];
}

/** Blocks of changing grey: about as hard to encode as a face that moves. */
function movingPicture(): [MediaStreamTrack, () => void] {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const brush = canvas.getContext("2d") as CanvasRenderingContext2D;
  const timer = setInterval(() => {
    for (let block = 0; block < 60; block += 1) {
      const grey = Math.floor(Math.random() * 256);
      brush.fillStyle = `rgb(${grey} ${grey} ${grey})`;
      brush.fillRect(Math.random() * WIDTH, Math.random() * HEIGHT, BLOCK, BLOCK);
    }
  }, EVERY);
  const [track] = canvas.captureStream(15).getVideoTracks();
  return [track as MediaStreamTrack, () => (clearInterval(timer), track?.stop())];
}
