/** Loaded before a server by `--import`: whatever the server is, it tells of its use of memory and processor when asked, and ends with its parent. */

/** What a server process tells of itself. */
export type Usage = {
  readonly kind: 'usage';
  /** Resident memory, in bytes. */
  readonly memory: number;
  /** Processor time so far, in microseconds. */
  readonly processor: number;
};

process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  const usage: Usage = { kind: 'usage', memory: process.memoryUsage.rss(), processor: user + system };
  process.send?.(usage);
});
process.on('disconnect', () => process.exit());
