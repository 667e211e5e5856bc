/** Live tracks in a video element, without sound: the own voice a moment later would only confuse. */
import { useEffect, useRef } from "preact/hooks";

interface Props {
  tracks: readonly MediaStreamTrack[];
  label: string;
  isMirrored?: boolean;
}

export function Picture({ tracks, label, isMirrored = false }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const shown = video.current;
    if (!shown) return undefined;
    shown.srcObject = new MediaStream([...tracks]);
    return () => {
      shown.srcObject = null;
    };
  }, [tracks.map(({ id }) => id).join()]);
  return <video ref={video} class={isMirrored ? "device-video device-mirrored" : "device-video"} aria-label={label} autoPlay muted playsInline />;
}
