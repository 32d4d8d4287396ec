/** The documents that are not served as they should be yet: what stands here is known to fail, and is told when it does not. */

export const notYet: {
  /** Those of whose operations some are answered otherwise than documented. */
  readonly answers: readonly string[];
  /** Those whose check finds something on their own mock. */
  readonly check: readonly string[];
} = {
  answers: [],
  check: [],
};
