// Makes ../assets/echarts.js.gz, which the program carries and sends as it is.
// Run by hand (make charts) after a change of package.json or echarts.mjs; the
// same versions give the same bytes. Node.js 20 or newer.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import zopfli from "@gfx/zopfli";

const limit = 220_000; // bytes over the wire
const version = (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;

const made = await build({
  entryPoints: [new URL("echarts.mjs", import.meta.url).pathname],
  bundle: true, minify: true, write: false, legalComments: "none",
  format: "iife", globalName: "echarts", target: "es2020",
  define: { "process.env.NODE_ENV": '"production"' },
  banner: {
    js: `/* A part of Apache ECharts ${version("echarts")} (Apache-2.0) with zrender ${version("zrender")} (BSD-3-Clause), ` +
      `code of D3 (BSD-3-Clause) and tslib ${version("tslib")} (0BSD), bundled and made small. See the NOTICE of this program. */`,
  },
});
const packed = await zopfli.gzipAsync(made.outputFiles[0].contents, { numiterations: 30 });
if (packed.length > limit) throw new Error(`${packed.length} bytes packed, more than ${limit}`);
writeFileSync(new URL("../assets/echarts.js.gz", import.meta.url), packed);
console.log(`echarts.js: ${made.outputFiles[0].contents.length} bytes, ${packed.length} packed`);
