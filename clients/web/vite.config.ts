/** How the page is built: everything from our own origin, nothing inlined, so that the strict CSP holds. */
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: ["chrome109", "firefox115", "safari16"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssMinify: "lightningcss",
    reportCompressedSize: true,
  },
});
