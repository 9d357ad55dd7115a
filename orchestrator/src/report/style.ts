/** Style of the HTML report: one column that fits a phone; colors for light and dark; plain on paper. */

/** Content of its style element. */
export const reportStyle = `
:root { --text: #1d2329; --soft: #57616b; --page: #ffffff; --card: #f3f5f7; --line: #cfd6dd;
  --good: #17703a; --bad: #b3261e; --wait: #8a5a00; --bar: #2f6fb5; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ec; --soft: #a3adb7; --page: #14181c; --card: #1f252b;
  --line: #3a434c; --good: #6fd58f; --bad: #ff8f86; --wait: #e6b450; --bar: #6ba8e8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; }
h1, h3, dd, li, p { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .75rem .35rem 0;
  border-bottom: 1px solid var(--line); }
.succeeded, .unchanged { color: var(--good); } .failed { color: var(--bad); }
.blocked, .interrupted, .not-reached { color: var(--wait); }
.loss { border: 2px solid var(--bad); padding: 0 1rem; margin-top: 1rem; border-radius: .5rem; } .loss h2 { margin-top: 1rem; }
pre { background: var(--card); padding: .75rem; overflow-x: auto; border-radius: .5rem; }
details { background: var(--card); padding: .5rem .75rem; margin: .5rem 0; border-radius: .5rem; }
.graph { background: #ffffff; border-radius: .5rem; } .graph svg { min-width: 32rem; max-width: 100%; height: auto; }
.timeline { list-style: none; margin: 0; padding: 0; font-size: .85rem; }
.timeline li { margin: .35rem 0; } .time { color: var(--soft); }
.track { display: block; background: var(--card); height: .5rem; border-radius: .25rem; overflow: hidden; }
.bar { display: block; height: 100%; background: var(--bar); } li.failed .bar { background: var(--bad); }
li.unended .bar { background: var(--wait); }
@media print { .track { border: 1px solid var(--line); } details { display: block; } }
`;
