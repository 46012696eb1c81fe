import { isRecord } from '../../lambda/runtime/json.ts';

/**
 * The members of a request's JSON body, read with their types checked. A wrong one throws what `refuse` makes
 * of the message.
 */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #refuse: (message: string) => Error;

  constructor(values: Readonly<Record<string, unknown>>, refuse: (message: string) => Error) {
    this.#values = values;
    this.#refuse = refuse;
  }

  names(): readonly string[] {
    return Object.keys(this.#values).filter(
      (name) => this.#values[name] !== undefined && this.#values[name] !== null,
    );
  }

  string(name: string): string {
    return this.optionalString(name) ?? this.#missing(name);
  }

  optionalString(name: string): string | undefined {
    const value = this.#values[name] ?? undefined;
    if (value !== undefined && typeof value !== 'string') throw this.#refuse(`${name} must be a string.`);
    return value;
  }

  /** Bytes, sent as base64. */
  optionalBytes(name: string): Buffer | undefined {
    const value = this.optionalString(name);
    return value === undefined ? undefined : Buffer.from(value, 'base64');
  }

  optionalInteger(name: string, range: { readonly min: number; readonly max: number }): number | undefined {
    const value = this.#values[name] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < range.min || value > range.max)
      throw this.#refuse(
        `Value ${JSON.stringify(value)} for parameter ${name} is invalid. Reason: Must be between ${range.min} and ${range.max}.`,
      );
    return value;
  }

  strings(name: string): readonly string[] {
    return this.#list(name).map((item) => {
      if (typeof item !== 'string') throw this.#refuse(`${name} must be a list of strings.`);
      return item;
    });
  }

  /** A list of structures. */
  entries(name: string): readonly Fields[] {
    return this.#list(name).map((item) => this.#structure(name, item));
  }

  /** A map of strings; undefined when absent. */
  optionalStringMap(name: string): Readonly<Record<string, string>> | undefined {
    const value = this.#values[name] ?? undefined;
    if (value === undefined) return undefined;
    const structure = this.#structure(name, value);
    return Object.fromEntries(structure.names().map((key) => [key, structure.string(key)]));
  }

  /** A map of structures; empty when absent. */
  structureMap(name: string): ReadonlyMap<string, Fields> {
    const value = this.#values[name] ?? {};
    const structure = this.#structure(name, value);
    return new Map(
      structure.names().map((key) => [key, this.#structure(`${name}.${key}`, structure.#values[key])]),
    );
  }

  #list(name: string): readonly unknown[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value)) throw this.#refuse(`${name} must be a list.`);
    return value;
  }

  #structure(name: string, value: unknown): Fields {
    if (!isRecord(value)) throw this.#refuse(`${name} must contain an object.`);
    return new Fields(value, this.#refuse);
  }

  #missing(name: string): never {
    throw this.#refuse(`The request must contain the parameter ${name}.`);
  }
}
