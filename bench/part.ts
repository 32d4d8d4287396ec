/** What the parts of the benchmark have in common: how they are asked, and what they report. */

export type Options = {
  /** How long a round takes. */
  readonly seconds: number;
  /** How many rounds each contender gets. */
  readonly rounds: number;
  /** A document that is measured besides those that ship. */
  readonly document: string | undefined;
};

/** A part's tables in Markdown, and its numbers for JSON. */
export type Report = { readonly text: string; readonly data: object };
