/** How the servers of Node are run: their options, their clock, the lines that they take and print, and their end. */

/** The option `--NAME VALUE`; undefined when it is not given. */
export function option(name) {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
}

/** The one defect that is switched on. */
export const defect = option('defect');

let offset = 0;

/** The server's clock, in seconds. */
export const now = () => Math.floor(Date.now() / 1000) + offset;

export const say = (line) => process.stdout.write(`${line}\n`);

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Listens on a free port and says so; takes `clock +SECONDS` and other lines; stops at SIGTERM and when the input ends. */
export function run(server, commands = {}) {
  server.keepAliveTimeout = 30_000;
  server.listen(0, '127.0.0.1', () => say(`listening http://127.0.0.1:${server.address().port}`));
  const all = { clock: moveClock, ...commands };
  let typed = '';
  process.stdin.setEncoding('utf8').on('data', (text) => {
    const lines = (typed + text).split('\n');
    typed = lines.pop();
    for (const line of lines) {
      const [, name, argument] = /^(\w+) (.+)$/.exec(line) ?? [];
      if (Object.hasOwn(all, name)) all[name](argument);
    }
  });
  const stop = () => {
    server.close(() => process.exit());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 500).unref(); // who is being answered has half a second left
  };
  process.once('SIGTERM', stop);
  process.stdin.once('end', stop);
}

function moveClock(seconds) {
  offset += Number(seconds);
  say(`clock ${offset}`);
}
