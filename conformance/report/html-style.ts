/** The style of the HTML report: for a phone first, for light and dark, and for paper. */

export const style = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--sunk:#f1f3f6;--line:#d8dde4;--ink:#1a2029;--quiet:#56606e;--link:#0b57b8;
--bad:#b3192b;--bad-back:#fdecee;--odd:#8a4b00;--odd-back:#fff3df;--tell:#1f5fa8;--tell-back:#e8f1fc;--good:#176b3a;--good-back:#e4f5ea;
--mask:#5a3fa8;--mask-back:#efeafd;--mark:#fff0a8;--round:10px;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{--page:#11151b;--card:#1a2029;--sunk:#131820;--line:#323b48;--ink:#e6eaf0;--quiet:#a3adba;--link:#82b6ff;
--bad:#ff8b96;--bad-back:#3d1a20;--odd:#ffc069;--odd-back:#3a2a10;--tell:#8fc1ff;--tell-back:#18304d;--good:#7fdca1;--good-back:#14351f;
--mask:#c3b1ff;--mask-back:#2c2350;--mark:#5c4d00}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;overflow-wrap:anywhere}
h1,h2,h3,h4,p,ul,ol,dl,dd,pre,fieldset,table{margin:0;padding:0}
h1{font-size:1.55rem;line-height:1.2;letter-spacing:-.01em}
h2{font-size:1.25rem;margin:2.25rem 0 .75rem}
h3{font-size:1.05rem;line-height:1.35;margin:1.25rem 0 .5rem}
h4{font-size:.85rem;font-weight:600;margin:1rem 0 .35rem}
ul,ol{list-style:none}
a{color:var(--link);text-underline-offset:.15em}
code,pre{font-family:var(--mono);font-size:.8125rem}
pre{white-space:pre-wrap;background:var(--sunk);border:1px solid var(--line);border-radius:6px;padding:.6rem .7rem;line-height:1.55;tab-size:4}
button,input,select{font:inherit;color:inherit}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
[hidden]{display:none!important}
.skip{position:absolute;left:-9999px}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:3}
.for-readers{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.quiet{color:var(--quiet);font-weight:400}
.wide{max-width:68rem;margin:0 auto;padding:0 1rem 3rem}
.top{background:var(--card);border:1px solid var(--line);border-top:6px solid var(--tell);border-radius:var(--round);padding:1.1rem 1.1rem 1.2rem;margin-top:1rem}
.top.conforms{border-top-color:var(--good)}.top.deviates{border-top-color:var(--bad)}.top.incomplete,.top.unreachable{border-top-color:var(--odd)}
.tool{color:var(--quiet);font-size:.85rem;margin-bottom:.15rem}
.verdict{display:flex;flex-wrap:wrap;align-items:center;gap:.1rem .6rem;margin:.7rem 0 .9rem}
.verdict strong{font-size:2rem;line-height:1.1;letter-spacing:-.02em}
.verdict .shape{font-size:1.35rem;line-height:1;width:2.4rem;height:2.4rem;border-radius:50%;display:grid;place-items:center;font-weight:700;background:var(--tell-back);color:var(--tell)}
.conforms .shape,.conforms strong{color:var(--good)}.conforms>.verdict .shape{background:var(--good-back)}
.deviates .shape,.deviates strong{color:var(--bad)}.deviates>.verdict .shape{background:var(--bad-back)}
.incomplete strong,.unreachable strong,.incomplete .shape,.unreachable .shape{color:var(--odd)}.incomplete>.verdict .shape,.unreachable>.verdict .shape{background:var(--odd-back)}
.run{display:flex;flex-wrap:wrap;gap:.5rem 1.75rem}
.run dt,.facts dt,.pair dt{color:var(--quiet);font-size:.8rem;font-weight:600}
.contents{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:.9rem 0;padding:0 .1rem}
.contents a{padding:.25rem 0}
.tiles{display:grid;grid-template-columns:repeat(2,1fr);gap:.6rem}
.tile a{display:block;background:var(--card);border:1px solid var(--line);border-left:5px solid var(--quiet);border-radius:var(--round);padding:.6rem .8rem;text-decoration:none;color:inherit;height:100%}
.tile a:hover{border-color:var(--link)}
.tile b{display:block;font-size:1.75rem;line-height:1.15;font-variant-numeric:tabular-nums}
.tile span{color:var(--quiet);font-size:.9rem}
.tile.violation a{border-left-color:var(--bad)}.tile.undocumented a{border-left-color:var(--odd)}.tile.note a{border-left-color:var(--tell)}
.tiles~p{margin-top:.8rem}
.coverage{width:100%;border-collapse:collapse}
.coverage th,.coverage td{text-align:left;font-weight:400;padding:.3rem .6rem .3rem 0;vertical-align:middle}
.coverage tbody th{white-space:nowrap}
.coverage td:nth-child(2){width:60%}
.coverage .figure{white-space:nowrap;text-align:right;padding-right:0;padding-left:.6rem;font-variant-numeric:tabular-nums}
.bar{display:block;width:100%;height:8px;border-radius:4px;background:var(--line);fill:var(--tell)}
.bar.full{fill:var(--good)}
#filter{display:grid;grid-template-columns:1fr 1fr;gap:.7rem;background:var(--card);border:1px solid var(--line);border-radius:var(--round);padding:.9rem;margin:0 0 1rem;align-items:end}
#filter label>span:first-child,#filter legend{display:block;font-size:.8rem;font-weight:600;color:var(--quiet);margin-bottom:.2rem}
#filter .text,#filter fieldset,#filter output{grid-column:1/-1}
#filter fieldset{border:0;min-width:0}
#filter select,#filter input[type=search]{width:100%;min-width:0;min-height:44px;padding:.3rem .6rem;border:1px solid var(--quiet);border-radius:6px;background:var(--page)}
#filter button{min-height:44px}
.copied button{min-height:44px;font-size:.875rem}
#filter button,.copied button{padding:.3rem .9rem;border:1px solid var(--quiet);border-radius:6px;background:var(--card);cursor:pointer}
#filter button:disabled{opacity:.55;cursor:default}
#filter button:hover:enabled,.copied button:hover{border-color:var(--link);color:var(--link)}
#filter output{font-weight:600}#filter output:empty{display:none}
#filter .pill{display:inline-flex;margin:0 .3rem .3rem 0}
#filter .pill span{display:inline-block;margin:0;padding:.35rem .75rem;border:1px solid var(--quiet);border-radius:99px;color:var(--ink);font-size:.9rem;font-weight:400;cursor:pointer;min-height:36px}
#filter .pill input{position:absolute;opacity:0;width:1px;height:1px}
#filter .pill input:checked+span{background:var(--ink);color:var(--page);border-color:var(--ink)}
#filter .pill input:focus-visible+span{outline:3px solid var(--link);outline-offset:2px}
.count{display:inline-block;font-size:.8rem;font-weight:600;color:var(--quiet);background:var(--card);border:1px solid var(--line);border-radius:99px;padding:0 .55rem;vertical-align:.1em}
.finding{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--tell);border-radius:var(--round);padding:1rem;margin-bottom:1rem}
.finding.violation{border-left-color:var(--bad)}.finding.undocumented{border-left-color:var(--odd)}
.finding:target{outline:3px solid var(--link);outline-offset:2px}
.finding h3{margin:.5rem 0 .15rem;font-size:1.15rem}
.finding h3 a{color:inherit;text-decoration:none}.finding h3 a:hover{text-decoration:underline}
.finding header .quiet{font-size:.9rem}
.badge,.tag,.remark{display:inline-block;font-size:.8rem;font-weight:600;border-radius:5px;padding:.05rem .5rem;white-space:nowrap}
.badge.violation{background:var(--bad-back);color:var(--bad)}.badge.undocumented{background:var(--odd-back);color:var(--odd)}.badge.note{background:var(--tell-back);color:var(--tell)}
.tag{border:1px solid var(--line);color:var(--quiet);font-weight:400}
.tag.unstable,.remark{background:var(--odd-back);color:var(--odd);border:0;font-weight:600}
.pair{display:grid;gap:.6rem;margin:.9rem 0}
.pair>div{background:var(--sunk);border:1px solid var(--line);border-radius:6px;padding:.5rem .7rem}
.pair dd{white-space:pre-wrap;font-family:var(--mono);font-size:.875rem;max-height:24rem;overflow:auto}
.pair ins,.pair del{text-decoration:none;border-radius:3px;padding:0 .1em;font-weight:600}
.pair ins{background:var(--good-back);color:var(--good)}.pair del{background:var(--bad-back);color:var(--bad)}
.facts{display:grid;grid-template-columns:1fr;gap:0 1rem}
.facts dd{margin-bottom:.4rem}
details>summary{cursor:pointer;min-height:2.25rem;padding:.35rem 0}
.exchanges{display:grid;gap:.4rem}
.exchange{border:1px solid var(--line);border-radius:6px;background:var(--card)}
.exchange>summary{padding:.45rem .7rem;display:flex;flex-wrap:wrap;gap:.1rem .6rem;align-items:baseline;font-family:var(--mono);font-size:.8125rem}
.exchange>summary::before,.workflow>summary::before{content:"▸";color:var(--quiet);width:.8em;flex:none}
.exchange[open]>summary::before,.workflow[open]>summary::before{content:"▾"}
.exchange>summary::-webkit-details-marker,.workflow>summary::-webkit-details-marker{display:none}
.exchange>summary:hover,.workflow>summary:hover{background:var(--sunk)}
.number{color:var(--quiet);flex:none}
.call{flex:1 1 9rem;min-width:0}
.came{white-space:nowrap}
.status.s2{color:var(--good)}.status.s4,.status.s3,.status.s1{color:var(--odd)}.status.s5,.status.failed{color:var(--bad)}
.messages{display:grid;gap:0 1rem;padding:0 .7rem .8rem;border-top:1px solid var(--line)}
.message{min-width:0}
.message p.quiet{font-size:.8125rem;margin:.4rem 0 .2rem}
.message pre{max-height:36rem;overflow:auto}
.message .dump{white-space:pre;font-size:.6875rem}
.name{font-weight:600}
.failure{color:var(--bad)}
.faults{margin-top:.6rem;padding:.5rem .7rem;background:var(--odd-back);border-radius:6px;font-size:.875rem}
mark{background:var(--mark);color:inherit;display:inline-block;min-width:100%;border-radius:3px}
.masked{color:var(--mask);background:var(--mask-back);border-radius:3px;padding:0 .15em;cursor:pointer}
.masked.same{outline:2px solid var(--mask)}
.raw>summary{font-size:.8125rem;color:var(--quiet)}
.unseen{color:var(--odd);background:var(--odd-back);border-radius:3px;padding:0 .1em;font-size:.9em}
.copied{display:grid;gap:.4rem;justify-items:start;position:relative}.copied pre{width:100%}
.workflow-document{margin-top:.6rem}.workflow-document pre{max-height:24rem;overflow:auto}
.workflow{background:var(--card);border:1px solid var(--line);border-radius:6px;margin-bottom:.35rem;content-visibility:auto;contain-intrinsic-size:auto 3rem}
.workflow>summary{padding:.5rem .7rem;display:flex;flex-wrap:wrap;gap:.1rem .6rem;align-items:baseline}
.workflow>:not(summary){margin:0 .7rem .5rem}
.workflow .shape{flex:none;font-weight:700;width:1em}
.workflow.not-run .shape,.workflow.not-exercised .shape{color:var(--quiet)}
.workflow summary .quiet{font-size:.875rem}
.workflow li{padding:.15rem 0}
.group h3::first-letter{text-transform:uppercase}
.steps{list-style:decimal inside}
.reason{margin-bottom:1rem}.reason li{padding:.2rem 0}
.checks li{border-bottom:1px solid var(--line)}
.checks details p{padding:0 0 .6rem}
footer{margin-top:2.5rem;color:var(--quiet);font-size:.875rem;border-top:1px solid var(--line);padding-top:1rem}
@media (min-width:46rem){
.wide{padding:0 1.5rem 4rem}
.top{padding:1.5rem 1.75rem}
h1{font-size:1.9rem}.verdict strong{font-size:2.5rem}
.tiles{grid-template-columns:repeat(4,1fr)}
#filter{grid-template-columns:minmax(12rem,1.4fr) repeat(3,minmax(0,1fr)) auto}
#filter .text{grid-column:1/3}#filter fieldset{grid-column:3/-1}
#filter .pill{margin-bottom:0}#filter output{align-self:center}
#filter label:nth-of-type(2){grid-column:1}
.finding{padding:1.2rem 1.4rem}
.copied button{position:absolute;top:.4rem;right:.5rem;min-height:36px}.copied:has(button) pre{padding-right:5.6rem;min-height:3.2rem}
.pair{grid-template-columns:1fr 1fr}
.facts{grid-template-columns:max-content 1fr}.facts dt{padding-top:.15rem}
.coverage td:nth-child(2){width:70%}
}
@media (min-width:62rem){.messages{grid-template-columns:1fr 1fr}}
@media (forced-colors:active){.bar{forced-color-adjust:none}.pill input:checked+span{outline:3px solid}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{
:root{--page:#fff;--card:#fff;--sunk:#fff;--ink:#000;--quiet:#444;--line:#bbb}
body{font-size:11pt}.wide{max-width:none;padding:0}
#filter,.contents,.copied button,.skip{display:none!important}
.workflow{content-visibility:visible}
.finding,.tile,.workflow,.exchange{break-inside:avoid-page}.exchange[open],.finding{break-inside:auto}
h2,h3,h4,summary{break-after:avoid}
pre,.pair dd,.message pre{max-height:none!important;overflow:visible!important}
a{color:inherit}}
`;
