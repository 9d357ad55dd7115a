/** Draws what was compared: a bar for each ratio, grouped by what was measured, with a line at one and a mark at each target. */
import type { Measured } from "./measure.ts";

const ROW = 20;
const HEAD = 26;
const LEFT = 250;
const WIDTH = 900;
const RIGHT = 230;

type Compared = Measured & { readonly ratio: object };

/** The ratios as an SVG that follows the reader's colour scheme. */
export function chart(results: readonly Measured[], title: string): string {
  const bars = results.filter((each): each is Compared => each.ratio !== undefined);
  const groups = Map.groupBy(bars, ({ what }) => what);
  const most = Math.max(1, ...bars.map(({ ratio, target }) => Math.max(ratio.median, target?.atMost ?? 0)));
  const x = (ratio: number) => Number((LEFT + (ratio / most) * (WIDTH - LEFT - RIGHT)).toFixed(1));
  const lines: string[] = [];
  let y = 36;
  for (const [what, each] of groups) {
    y += HEAD;
    lines.push(
      `<text x="8" y="${y - 6}" font-weight="600">${escaped(what)}</text>`,
      `<text x="${LEFT}" y="${y - 6}" class="quiet">against ${escaped(each[0]?.against ?? "")}</text>`,
    );
    for (const bar of each) {
      lines.push(barText(bar, y, x));
      y += ROW;
    }
  }
  const one = x(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 14}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{fill:#1f2328}.quiet{fill:#59636e}.less{fill:#2f81f7}.more{fill:#bf8700}.one{stroke:#59636e;stroke-dasharray:3 3}` +
      `.target{stroke:#cf222e;stroke-width:2}` +
      `@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.quiet{fill:#9198a1}}</style>`,
    `<text x="8" y="22" font-size="14" font-weight="600">${escaped(title)}</text>`,
    `<line x1="${one}" y1="34" x2="${one}" y2="${y + 4}" class="one"/>`,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

function barText({ way, ratio: { median, least, most }, target }: Compared, y: number, x: (ratio: number) => number) {
  const mark = target === undefined ? "" : ` (at most ${target.atMost})`;
  const isRatio = target?.of === "ratio";
  const end = Math.max(x(median), isRatio ? x(target.atMost) : 0) + 8;
  return [
    `<text x="${LEFT - 8}" y="${y + 12}" text-anchor="end">${escaped(way)}</text>`,
    `<rect x="${LEFT}" y="${y + 1}" width="${(x(median) - LEFT).toFixed(1)}" height="${ROW - 6}" rx="2" class="${median <= 1 ? "less" : "more"}"/>`,
    isRatio
      ? `<line x1="${x(target.atMost)}" y1="${y - 1}" x2="${x(target.atMost)}" y2="${y + ROW - 4}" class="target"/>`
      : "",
    `<text x="${end.toFixed(1)}" y="${y + 12}">${median.toFixed(2)}`,
    `<tspan class="quiet"> from ${least.toFixed(2)} to ${most.toFixed(2)}${isRatio ? mark : ""}</tspan></text>`,
  ].join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
