/** What a browser means that opens no camera or microphone: the names of its exceptions as stable words. */

export type Refused = "denied" | "missing" | "busy";

/** The DOMException's name, by MediaDevices.getUserMedia (W3C Media Capture and Streams, section 10.2). */
const WHY: Readonly<Record<string, Refused>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** undefined: it is none of these. */
export const refusalOf = (error: unknown): Refused | undefined => (error instanceof DOMException ? WHY[error.name] : undefined);
