// Every HTML page under a folder, judged by axe-core in headless Chromium: phone and desk width,
// light and dark, everything unfolded. Prints each fault and a count; exit code 1 on any fault.
//   node axe.mjs <folder of reports> <path of chromium>
import puppeteer from "puppeteer-core";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [root, chromium] = process.argv.slice(2);
const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = readdirSync(root, { recursive: true }).filter(name => name.endsWith(".html"));
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
let views = 0, faults = 0;

async function look(name, width, scheme) {
  const page = await browser.newPage();
  await page.setBypassCSP(true); // the page forbids scripts, also ours
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 900 });
  await page.goto("file://" + path.resolve(root, name));
  await page.evaluate(() => document.querySelectorAll("details").forEach(part => (part.open = true)));
  const beyond = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => axe.run(document));
  await page.close();
  const found = violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`);
  if (beyond > 0) found.push(`scrolls sideways by ${beyond} px`);
  for (const fault of found) console.log(`${name} ${width} px ${scheme}: ${fault}`);
  views += 1;
  faults += found.length;
}

for (const name of pages)
  for (const width of [320, 390, 1280])
    for (const scheme of ["light", "dark"]) await look(name, width, scheme);
await browser.close();
console.log(`${pages.length} pages, ${views} views, ${faults} faults`);
process.exit(faults ? 1 : 0);
