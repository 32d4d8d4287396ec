/** What the inside of a server looks like from outside: a table of patterns. */

export type Leak = {
  /** What it is, in words that follow "tells". */
  readonly what: string;
  readonly pattern: RegExp;
  /** Whether it is a leak in a success, too. */
  readonly always: boolean;
};

const inErrors = (what: string, pattern: RegExp): Leak => ({ what, pattern, always: false });

/** The most telling first. */
export const leaks: readonly Leak[] = [
  {
    what: 'a private key',
    pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/,
    always: true,
  },
  inErrors(
    'the page of a debugger',
    /Werkzeug (?:powered traceback|Debugger)|The debugger caught an exception|You're seeing this error because you have <code>DEBUG = True<\/code>|Whoops, looks like something went wrong|Action Controller: Exception caught|class="?exc-message|<title>Server Error in '[^']*' Application<\/title>|\b(?:Ignition|Symfony) Exception|Better Errors/,
  ),
  inErrors(
    'a stack trace of Python',
    /Traceback \(most recent call last\)|File "[^"\n]{1,500}", line \d+, in /,
  ),
  inErrors(
    'a stack trace of JavaScript',
    /\bat (?:async )?(?:[\w$.<>[\] ]{1,200} \()?(?:node:[^\s()]{1,200}?|(?:file:\/\/|webpack:|\/|[A-Za-z]:\\)[^\s()<>]{1,500}?\.[cm]?[jt]sx?):\d+:\d+\)?/,
  ),
  inErrors(
    'a stack trace of Java',
    /\bat [\w$.]{1,300}\.[\w$<>]{1,200}\((?:[\w$]+\.(?:java|kt|scala|groovy):\d+|Native Method|Unknown Source)\)|\bCaused by: [\w$.]+(?:Exception|Error)\b/,
  ),
  inErrors(
    'a stack trace of PHP',
    /\bStack trace:\s*#0 |\bPHP (?:Fatal|Parse) error:|<b>(?:Fatal error|Warning|Notice|Parse error)<\/b>:|\bFatal error: Uncaught |\.php(?:<\/b>)? on line (?:<b>)?\d+/,
  ),
  inErrors('a stack trace of Ruby', /(?<![\w/.-])[\w/.-]+\.rb:\d+:in [`']/),
  inErrors(
    'a stack trace of Go',
    /\bgoroutine \d+ \[[a-z ]+\]:|\bpanic: runtime error|(?<![\w/.-])[\w/.-]+\.go:\d+ \+0x[\da-f]+/,
  ),
  inErrors(
    'a stack trace of .NET',
    /\bat [\w.`<>[\],]{1,300}\([^)]{0,300}\) in \S.{0,300}?:line \d+|\bSystem\.(?:[A-Z]\w{1,60}\.){0,8}\w{1,100}Exception:/,
  ),
  inErrors('a stack trace of Rust', /\bthread '[^']{0,200}' panicked at |stack backtrace:\s+0:/),
  inErrors(
    'a message of its database',
    /\bSQLSTATE\[|\bORA-\d{5}\b|\bpsycopg2?\.|\bPG::\w+|\bpq: |syntax error at or near "|You have an error in your SQL syntax|\bSQLITE_[A-Z]+\b|\bsqlite3\.\w+Error|\bMongo(?:Server|Network|)Error\b|\bE11000 duplicate key|com\.mysql\.|Unclosed quotation mark after|\bSequelize\w*Error\b|\bPrismaClient\w+Error\b|\bQueryFailedError\b|duplicate key value violates unique constraint|violates (?:foreign key|not-null|check) constraint|\bsqlalchemy\.exc\.|\bActiveRecord::\w+|\bjava\.sql\.SQL\w*Exception|relation "\w+" does not exist/,
  ),
  inErrors(
    'a statement of SQL',
    /\b(?:SELECT\s[\s\S]{1,500}?\sFROM\s+[\w"`[.]+|INSERT\s+INTO\s+[\w"`[.\]]+\s*\([^)]*\)\s*VALUES|UPDATE\s+[\w"`[.\]]+\s+SET\s+[\w"`[.\]]+\s*=|DELETE\s+FROM\s+[\w"`[.\]]+\s+WHERE)/,
  ),
  inErrors(
    'a path of its sources',
    /(?<![\w:/.])\/(?:home|usr|var|app|srv|opt|root|Users|workspace|tmp|www)\/[\w@.+/-]+\.(?:[cm]?[jt]sx?|py|rb|php|java|kt|go|cs|rs|ex|exs|pl)\b|\b[A-Za-z]:\\(?:[\w .-]+\\)+[\w.-]+\.(?:[cm]?[jt]sx?|py|rb|php|java|cs|vb)\b/,
  ),
];
