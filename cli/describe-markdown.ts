/** The ledger of a contract as a page of Markdown, for people. */

import { counted, visibleLines } from '../conformance/report/text.js';
import { code } from '../openapi/describe/describe-value.js';
import type { Decision, Description, Inferred } from '../openapi/describe/description.js';
import { basisSentence, basisText, inferredNote, mark } from './describe-basis.js';
import { operationHeading, operationText, schemeText } from './describe-operations.js';
import { anchor, demoted, inline, link, paragraphs, plain, section, sentences, table } from './markdown.js';

/** The page. The same description gives the same page, to the byte. */
export function markdownOf(description: Description): string {
  const sections = [
    headOf(description),
    atAGlance(description),
    section('Operations', description.operations, operationText),
    section('Security schemes', description.securitySchemes, schemeText),
    stateText(description),
    decisionsText(description),
    unseenText(description),
    unreachedText(description),
    repairedText(description),
    inferredText(description),
    workflowsText(description),
    sourcesText(description),
  ];
  return `${visibleLines(sections.filter((text) => text !== '').join('\n\n'))}\n`;
}

function headOf({ title, version, summary, description, documentation, servers }: Description): string {
  const base = servers.map(
    (server) =>
      `- ${code(server.url)}${server.description === undefined ? '' : `: ${inline(server.description)}`}${inferredNote(server.basis)}`,
  );
  return paragraphs([
    `# ${inline(title)} ${inline(version)}: the ledger`,
    `What the contract says of this API, what each statement rests on, and what it leaves open. Made from the contract by \`counterfoil describe\`; change the contract, not this page.`,
    summary,
    description === undefined ? undefined : demoted(description),
    documentation === undefined ? undefined : `Documentation: ${link(documentation)}`,
    base.length === 0 ? undefined : `Servers:\n\n${base.join('\n')}`,
  ]);
}

function atAGlance({ totals, decisions, unseen, unreached, inferred, operations }: Description): string {
  const rows = totals.map(({ what, documented, inferred: concluded }) => [
    what,
    `${documented}`,
    `${concluded}`,
  ]);
  const facts = [
    `${counted(decisions.length, 'decision')} on what the documentation contradicts or leaves open`,
    `${counted(unseen.length, 'thing')} known to exist and not seen`,
    `${counted(unreached.length, 'documented answer')} that nothing leads to`,
    `${counted(inferred.length, 'statement')} marked as inferred`,
  ];
  const list = operations.map((operation) => [
    `[${plain(operation.id)}](#${anchor(operationHeading(operation))})`,
    code(`${operation.method} ${operation.path}`),
    operation.summary ?? '',
    operation.responses.map(({ status, basis }) => status + mark(basis)).join(', '),
    basisText(operation.basis, operation.sources),
  ]);
  return paragraphs([
    '## At a glance',
    table(['', 'documented', 'inferred'], rows),
    facts.map((fact) => `- ${fact}`).join('\n'),
    table(['operation', 'call', 'what it does', 'answers', 'rests on'], list),
    'An asterisk marks what is inferred.',
  ]);
}

function stateText({ collections }: Description): string {
  if (collections.length === 0) return '';
  const rows = collections.map(({ name, startsWith, readBy, changedBy }) => [
    code(name),
    startsWith.length === 0 ? 'nothing' : startsWith.map((key) => code(shortened(key))).join(', '),
    readBy.map(inline).join(', '),
    changedBy.map(inline).join(', '),
  ]);
  return paragraphs([
    '## What the API remembers',
    table(['collection', 'starts with', 'read by', 'changed by'], rows),
  ]);
}

const longestKey = 40;

function shortened(key: string): string {
  return key.length <= longestKey ? key : `${key.slice(0, longestKey)}…`;
}

function decisionsText({ aboutDecisions, decisions }: Description): string {
  if (decisions.length === 0) return '';
  const items = decisions.map(decisionText).join('\n');
  return paragraphs(['## Decisions on contradictions and silences', aboutDecisions, items]);
}

function decisionText({ about, sources, decided, reason }: Decision): string {
  const title = about === undefined ? '' : `**${inline(about)}.** `;
  const said = sources.map(
    ({ source, says }) => `\n  - ${link(source)}${says === undefined ? '' : `: ${inline(says)}`}`,
  );
  return `- ${title}${inline(sentences([decided, reason]))}${said.join('')}`;
}

function unseenText({ unseen }: Description): string {
  const rows = unseen.map(({ what, source, reason }) => [
    what,
    reason,
    source === undefined ? '' : link(source),
  ]);
  return rows.length === 0
    ? ''
    : paragraphs(['## Known to exist, and not seen', table(['what', 'why not', 'known from'], rows)]);
}

function unreachedText({ unreached }: Description): string {
  const rows = unreached.map(({ operation, status, example, reason }) => [
    operation,
    example === undefined ? status : `${status} ${code(example)}`,
    reason ?? 'No reason is given.',
  ]);
  return rows.length === 0
    ? ''
    : paragraphs([
        '## Documented, and nothing leads there',
        'The mock gives these only when `Prefer` asks for them.',
        table(['operation', 'answer', 'why'], rows),
      ]);
}

function repairedText({ repaired }: Description): string {
  const rows = repaired.map((each) => [each.operation, code(each.example), each.repaired]);
  return rows.length === 0
    ? ''
    : paragraphs([
        '## Samples that were repaired',
        table(['operation', 'sample', 'what was repaired'], rows),
      ]);
}

/** What is inferred, by its ground: one ground often carries many statements. */
function inferredText({ inferred }: Description): string {
  const grounds = new Map<string, Inferred[]>();
  for (const each of inferred) grounds.set(each.reason, [...(grounds.get(each.reason) ?? []), each]);
  const items = [...grounds].map(([reason, statements]) => {
    const lines = statements.map(({ kind, what, states, usedBy }) => {
      const stated = states === undefined ? '' : `, ${code(JSON.stringify(states))}`;
      const users = usedBy.length === 0 ? '' : `; for ${usersText(usedBy)}`;
      return `  - ${kind} ${code(what)}${stated}${users}`;
    });
    return `- ${inline(reason)}\n${lines.join('\n')}`;
  });
  return items.length === 0 ? '' : paragraphs(['## What is inferred, and why', items.join('\n')]);
}

/** More users than these are only counted. */
const mostUsers = 6;

function usersText(users: readonly string[]): string {
  return users.length > mostUsers ? `${users.length} operations` : users.map(plain).join(', ');
}

function workflowsText({ workflows }: Description): string {
  const items = workflows.map(({ id, summary, description, basis, steps }) =>
    paragraphs([
      `### ${plain(summary ?? id)}`,
      description === undefined ? undefined : demoted(description),
      `${code(id)}. ${basisSentence(basis)}`,
      steps
        .map(
          (step, index) =>
            `${index + 1}. ${plain(step.id)}: ${code(step.calls)}${step.description === undefined ? '' : `. ${inline(step.description)}`}`,
        )
        .join('\n'),
    ]),
  );
  return items.length === 0 ? '' : paragraphs(['## Workflows', ...items]);
}

function sourcesText({ sources }: Description): string {
  const items = sources.map(
    ({ source, statements }) => `- ${link(source)}\n  - ${statements.map(plain).join('\n  - ')}`,
  );
  return items.length === 0 ? '' : paragraphs(['## Pages, and what rests on each', items.join('\n')]);
}
