import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { leaveOut } from "./build/leave-out.ts";
import { pinAssets } from "./build/pin-assets.ts";
import { preloadPages } from "./build/preload-pages.ts";
import { themeCss } from "./build/theme-css.ts";

/** Where `npm run dev` finds a node. */
const NODE = process.env.GALEN_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [leaveOut(), react(), themeCss(), preloadPages(), pinAssets()],
  server: { host: "127.0.0.1", port: 5173, proxy: { "/v1": NODE, "/sample-town": NODE } },
  build: {
    target: "es2024",
    // Data addresses would need a wider policy, and small files compress well together.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // TypeBox does not say of itself that what nobody asks for can go.
      treeshake: { moduleSideEffects: (id) => !/node_modules\/typebox\//.test(id) },
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        // What every page needs comes as one file, and so do the small parts that many pages share: a phone waits for each request longer than for its bytes.
        codeSplitting: {
          groups: [
            { name: "frame", tags: ["$initial"], priority: 3 },
            { name: "fields", test: /\/@mantine\/core\/.*\/(Input|InputBase|Textarea|TextInput|CloseButton|FileButton)\//, priority: 2 },
            { name: "documents", test: /\/fhir\/(retraction|doubt)\.ts$/, priority: 1 },
            { name: "icons", test: /\/@tabler\//, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
});
