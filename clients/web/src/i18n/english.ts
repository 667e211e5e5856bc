/** All English words, loaded by those who chose English alone. */
export { en } from "./en";
export { enDevices } from "./en-devices";
export { enExhibit } from "./en-exhibit";
export { enLine } from "./en-line";
export { enMedia } from "./en-media";
export { enPlayback } from "./en-playback";
export { enSigning } from "./en-signing";
