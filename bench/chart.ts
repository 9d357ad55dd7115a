/**
 * Draws the comparisons. Each ratio is a bar that starts at one and goes left (less) or right (more). Bars are grouped
 * by measurement and have a mark at the target. The scale is logarithmic, so half and double have equal lengths.
 */
import type { Measured } from "./measure.ts";

const ROW = 20;
const HEAD = 26;
const TOP = 58;
const WIDTH = 900;
/** X positions: end of the labels, start and end of the bars, start of the numbers. */
const [NAMES, LEFT, RIGHT, FIGURES] = [240, 256, 640, 656];

type Compared = Measured & { readonly ratio: object };
type Place = (ratio: number) => number;

/** Returns the ratios as an SVG that follows the reader's color scheme. */
export function chart(results: readonly Measured[], title: string): string {
  const bars = results.filter((each): each is Compared => each.ratio !== undefined);
  // Suites may compare the same measurement to different ways.
  const groups = Map.groupBy(bars, ({ what, against }) => `${what}\0${against ?? ""}`);
  const { place, ticks } = scale(bars.map(({ ratio }) => ratio.median));
  const lines: string[] = [];
  let y = TOP;
  for (const group of groups.values()) {
    y += HEAD;
    lines.push(headText(group, y - 6));
    for (const bar of group) {
      lines.push(barText(bar, y, place));
      y += ROW;
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 14}" font-family="system-ui, sans-serif"` +
      ` font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{fill:#1f2328}.quiet{fill:#59636e}.less{fill:#2f81f7}.more{fill:#bf8700}.tick{stroke:#59636e;stroke-opacity:.25}` +
      `.target{stroke:#cf222e;stroke-width:2}` +
      `@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.quiet{fill:#9198a1}}</style>`,
    `<text x="8" y="22" font-size="14" font-weight="600">${escaped(title)}</text>`,
    ...ticks.map((ratio) => tickText(ratio, place(ratio), y + 4)),
    ...lines,
    "</svg>\n",
  ].join("\n");
}

/** Returns a logarithmic scale between powers of two that includes these ratios, one half and two. Pure. */
function scale(ratios: readonly number[]): { readonly place: Place; readonly ticks: readonly number[] } {
  const powers = [-1, 1, ...ratios.map(Math.log2)];
  const [from, to] = [Math.floor(Math.min(...powers)), Math.ceil(Math.max(...powers))];
  const place: Place = (ratio) => {
    const share = (Math.log2(ratio) - from) / (to - from);
    return Number((LEFT + share * (RIGHT - LEFT)).toFixed(1));
  };
  return { place, ticks: Array.from({ length: to - from + 1 }, (_, index) => 2 ** (from + index)) };
}

function tickText(ratio: number, x: number, bottom: number): string {
  const label = ratio < 1 ? `1/${1 / ratio}` : String(ratio);
  return (
    `<text x="${x}" y="44" text-anchor="middle" class="quiet">${label}</text>` +
    `<line x1="${x}" y1="50" x2="${x}" y2="${bottom}" class="tick"/>`
  );
}

function headText([first]: readonly Compared[], y: number): string {
  return (
    `<text x="8" y="${y}" font-weight="600">${escaped(first?.what ?? "")}</text>` +
    `<text x="${FIGURES}" y="${y}" class="quiet">against ${escaped(first?.against ?? "")}</text>`
  );
}

function barText({ way, ratio: { median, least, most }, target }: Compared, y: number, place: Place): string {
  const [from, to] = [place(Math.min(1, median)), place(Math.max(1, median))];
  const limit = target?.of === "ratio" ? target.atMost : undefined;
  const spread = ` (${least.toFixed(2)} to ${most.toFixed(2)})${limit === undefined ? "" : `, at most ${limit}`}`;
  return [
    `<text x="${NAMES}" y="${y + 12}" text-anchor="end">${escaped(way)}</text>`,
    `<rect x="${from}" y="${y + 1}" width="${Math.max(1, to - from).toFixed(1)}" height="${ROW - 6}" ` +
      `class="${median <= 1 ? "less" : "more"}"/>`,
    limit === undefined
      ? ""
      : `<line x1="${place(limit)}" y1="${y - 1}" x2="${place(limit)}" y2="${y + ROW - 4}" class="target"/>`,
    `<text x="${FIGURES}" y="${y + 12}">${median.toFixed(2)}<tspan class="quiet">${spread}</tspan></text>`,
  ].join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
