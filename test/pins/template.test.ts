import { expect, it } from 'vitest';
import { pinned } from './pinned.ts';
import { currentTemplateNames, type TemplateNames } from './template-names.ts';

const expected = pinned('template.json') as TemplateNames & {
  /** Logical id → name. They were in the stack of 0.1.0 with the deletion policy Retain, so an update leaves them. */
  readonly leftToTheAccount: Readonly<Record<string, string>>;
};
const current = currentTemplateNames();

it.each(Object.entries(expected.resources))(
  '%s keeps its logical id, and what it is known by',
  (id, names) => {
    // A changed logical id, or another of these properties, makes CloudFormation create an empty one beside or instead of it.
    expect(current.resources[id]).toEqual(names);
  },
);

it.each(Object.entries(expected.leftToTheAccount))(
  '%s is left to the account, and read by its name',
  (id, name) => {
    expect(current.resources).not.toHaveProperty(id);
    expect(current.readSecrets).toContain(name);
  },
);

it('every other resource that holds something is pinned too', () => {
  // Add what is new to test/pins/template.json, by hand.
  expect(Object.keys(current.resources)).toEqual(Object.keys(expected.resources));
});

it.each(Object.entries(expected.outputs))('the output %s stays and tells the same', (name, value) => {
  expect(current.outputs[name]).toEqual(value);
});

it('every route of an imported connector is there', () => {
  expect(current.routes).toEqual(expect.arrayContaining([...expected.routes]));
});
