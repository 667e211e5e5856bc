/** How the page is built: everything from our own origin, nothing inlined, so that the strict CSP holds. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

const PDFJS = join(import.meta.dirname, "node_modules", "pdfjs-dist");
const { version } = JSON.parse(readFileSync(join(PDFJS, "package.json"), "utf8")) as { version: string };
const FOLDER = `assets/pdfjs-${version}`;

/** What of pdf.js is served, under a name that changes with its version: its scripts, and what they fetch when a file needs it. */
const SERVED: ReadonlyArray<[from: string, wanted: RegExp]> = [
  ["legacy/build", /^pdf(\.worker)?\.min\.mjs$/],
  ["cmaps", /\.bcmap$|^LICENSE/],
  ["standard_fonts", /./],
  ["iccs", /./],
  ["wasm", /^(?!quickjs).*\.wasm$|^LICENSE/], // no script of a file is ever run
];

/** Copied as they are: no part of them is in what everybody loads, and what they fetch stands beside them. */
function pdfjs(): Plugin {
  return {
    name: "pdfjs",
    generateBundle() {
      for (const [from, wanted] of SERVED) {
        for (const name of readdirSync(join(PDFJS, from)).filter((each) => wanted.test(each))) {
          this.emitFile({ type: "asset", fileName: `${FOLDER}/${from}/${name}`, source: readFileSync(join(PDFJS, from, name)) });
        }
      }
    },
  };
}

/** What everybody loads, in one script: pieces of it that later parts share too would each stand in a file of their own. */
const FIRST =
  /src\/(ui|media\/(sending|line\.)|session|i18n\/(?!\w+-words|zh-(?!orders)|en)|hearing\/(?!line(-view|\.css))|control|transcript|hearings|login|route|signing\/(messages|signing-(place|banner|room)))|node_modules\/@?preact/;

export default defineConfig({
  plugins: [pdfjs()],
  define: { __PDFJS__: JSON.stringify(`/${FOLDER}`) },
  build: {
    target: ["chrome109", "firefox115", "safari16"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssMinify: "lightningcss",
    reportCompressedSize: true,
    rolldownOptions: { treeshake: { propertyReadSideEffects: false }, output: { codeSplitting: { groups: [{ name: "shared", test: FIRST }] } } },
  },
});
