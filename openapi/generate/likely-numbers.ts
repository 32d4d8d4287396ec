/** Numbers by what they are called. */

import type { Rule, World } from './likely.js';

const within =
  (from: number, to: number) =>
  ({ random }: World): number =>
    random.integer(from, to);
/** A decimal where the type allows it. */
const decimal =
  (from: number, to: number, digits: number) =>
  ({ random, type }: World): number => {
    const unit = type === 'integer' ? 1 : 10 ** digits;
    return random.integer(Math.ceil(from * unit), Math.floor(to * unit)) / unit;
  };

/** The first rule that fits a name is taken. */
export const numberRules: readonly Rule[] = [
  { name: /\b(?:lat|latitude)$/, make: decimal(-60, 70, 5) },
  { name: /\b(?:lng|lon|long|longitude)$/, make: decimal(-170, 170, 5) },
  { name: /\b(?:percent|percentage|pct|progress)\b/, make: decimal(0, 100, 1) },
  { name: /\b(?:page|current page|page number)$/, make: () => 1 },
  { name: /\b(?:per page|limit|page size|pagesize)$/, make: () => 20 },
  { name: /\b(?:offset|skip)$/, make: () => 0 },
  {
    name: /\b(?:count|counter|total count|total (?:items|pages|results|elements|records)|quantity|qty|stock|inventory|num \w+|number of \w+)$/,
    make: within(1, 48),
  },
  {
    name: /\b(?:price|amount|cost|total|subtotal|fee|fees|balance|tax|discount|salary|revenue|budget|payment|charge|refund|deposit|credit|debit|sum)\b/,
    make: ({ random, type }) =>
      type === 'integer' ? random.integer(4, 400) * 25 : random.integer(199, 49_999) / 100,
  },
  {
    name: /\b(?:http )?status(?: code)?$/,
    owner: /\b(?:error|problem|exception|fault|status)\b/,
    make: () => 400,
  },
  { name: /\b(?:http status|status code|response code)\b/, make: () => 200 },
  { name: /\b(?:rating|stars|review score)\b/, make: decimal(1, 5, 1) },
  { name: /\b(?:score|confidence|probability|likelihood|ratio|rate)$/, make: decimal(0, 1, 2) },
  { name: /\bage$/, make: within(18, 79) },
  { name: /\byear$/, make: ({ now, random }) => new Date(now).getUTCFullYear() - random.integer(0, 9) },
  { name: /\bmonth$/, make: within(1, 12) },
  { name: /\b(?:day|day of month)$/, make: within(1, 28) },
  { name: /\bhours?$/, make: within(0, 23) },
  { name: /\b(?:minutes?|mins?)$/, make: within(0, 59) },
  {
    name: /\b(?:duration|seconds|secs|timeout|ttl|interval|expires in|delay|uptime|latency)\b/,
    make: within(5, 3600),
  },
  { name: /\bport$/, make: ({ random }) => [80, 443, 3000, 5432, 8080, 8443][random.integer(0, 5)] },
  { name: /\b(?:width)\b/, make: ({ random }) => [320, 640, 800, 1024, 1280, 1920][random.integer(0, 5)] },
  { name: /\b(?:height)\b/, make: ({ random }) => [240, 480, 600, 768, 720, 1080][random.integer(0, 5)] },
  { name: /\b(?:bytes|file size|filesize|content length|size)$/, make: within(1024, 4_194_304) },
  { name: /\b(?:weight|mass)\b/, make: decimal(0.1, 40, 2) },
  { name: /\b(?:temperature|temp)\b/, make: decimal(-5, 35, 1) },
  { name: /\b(?:distance|length|depth|radius|altitude|elevation)$/, make: decimal(1, 500, 1) },
  { name: /\b(?:version|revision)$/, make: within(1, 12) },
  { name: /\b(?:position|index|order|rank|priority|sequence|sort order|level)$/, make: within(1, 10) },
  { name: /\b(?:id|ids|number|no)$/, make: within(1, 99_999) },
];
