/** Hands a file to the browser to keep. Owns its address for as long as the browser may read it, never the file. */

const READ = 60_000; // ms after which the browser has read it

export function keepFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), READ);
}
