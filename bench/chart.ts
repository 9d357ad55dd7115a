/** Draws what was measured: a bar for each ratio, with a line at one, which is what it is compared to. */
import type { Measured } from "./measure.ts";

const ROW = 26;
const LEFT = 230;
const WIDTH = 760;
const RIGHT = 150;

/** The ratios as an SVG that follows the reader's colour scheme. */
export function chart(results: readonly Measured[], title: string): string {
  const bars = results.flatMap(({ name, ratio, against }) => (ratio === undefined ? [] : [{ name, ratio, against }]));
  const most = Math.max(1, ...bars.map(({ ratio }) => ratio));
  const x = (ratio: number) => LEFT + (ratio / most) * (WIDTH - LEFT - RIGHT);
  const height = 60 + bars.length * ROW;
  const rows = bars.map(({ name, ratio, against }, index) => {
    const y = 44 + index * ROW;
    return [
      `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${(x(ratio) - LEFT).toFixed(1)}" height="16" rx="2" class="${ratio <= 1 ? "less" : "more"}"/>`,
      `<text x="${(x(ratio) + 6).toFixed(1)}" y="${y + 13}">${ratio.toFixed(2)}<tspan class="quiet"> × ${escaped(against ?? "")}</tspan></text>`,
    ].join("");
  });
  const one = x(1).toFixed(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH + 120} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{fill:#1f2328}.quiet{fill:#59636e}.less{fill:#2f81f7}.more{fill:#bf8700}.one{stroke:#59636e;stroke-dasharray:3 3}` +
      `@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.quiet{fill:#9198a1}}</style>`,
    `<text x="8" y="20" font-size="14" font-weight="600">${escaped(title)}</text>`,
    `<line x1="${one}" y1="34" x2="${one}" y2="${height - 10}" class="one"/>`,
    ...rows,
    "</svg>\n",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
