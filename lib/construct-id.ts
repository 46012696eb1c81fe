/** The id of the construct of a function or queue: "DeadLetters" of `dead-letters`. Logical ids are made of it. */
export const constructId = (name: string): string =>
  name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
