/** What the publish leg carries: one microphone, and one camera twice, large and small. Owns its senders; never opens a device. */

const LARGE: RTCRtpEncodingParameters = { maxBitrate: 450_000, maxFramerate: 24 };
/** For the tiles of the others: a quarter of the width, half of the frames. */
const SMALL: RTCRtpEncodingParameters = { maxBitrate: 70_000, maxFramerate: 12, scaleResolutionDownBy: 4 };
/** Speech with room for its repair (Opus inband FEC). */
const VOICE: RTCRtpEncodingParameters = { maxBitrate: 40_000 };

interface Tracks {
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
}

export class Sending {
  private audio: RTCRtpSender | null = null;
  private readonly video: RTCRtpSender[] = [];

  /** In the order of the m-lines: audio, large, small. A device that is closed has its place, which stays silent. */
  prepare(peer: RTCPeerConnection, { audio, video }: Tracks): void {
    this.audio = peer.addTransceiver(audio ?? "audio", { direction: "sendonly", sendEncodings: [{ ...VOICE }] }).sender;
    this.video.length = 0;
    for (const encoding of [LARGE, SMALL]) {
      const transceiver = peer.addTransceiver(video ?? "video", { direction: "sendonly", sendEncodings: [{ ...encoding }] });
      preferVp8(transceiver);
      this.video.push(transceiver.sender);
    }
  }

  /** Without a new offer. */
  async replace({ audio, video }: Tracks): Promise<void> {
    const senders: Array<[RTCRtpSender | null, MediaStreamTrack | null]> = [[this.audio, audio], ...this.video.map((one) => [one, video] as [RTCRtpSender, MediaStreamTrack | null])];
    await Promise.all(senders.map(([sender, track]) => sender && sender.transport?.state !== "closed" && sender.track !== track && sender.replaceTrack(track)));
  }
}

/** What every browser decodes and the record takes as it is; a browser that cannot be told is held to it by the answer. */
function preferVp8(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
  const wanted = codecs.filter(({ mimeType }) => /\/(vp8|rtx)$/i.test(mimeType));
  if (wanted.length > 0 && "setCodecPreferences" in transceiver) transceiver.setCodecPreferences(wanted);
}
