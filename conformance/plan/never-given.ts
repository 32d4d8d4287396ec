/** The text that stands for something that no server knows. */

/** A key, a credential or a value that nobody was ever given. */
export const neverGiven = 'never-given-out';
