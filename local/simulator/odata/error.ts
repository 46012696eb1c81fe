/** A query that the service refuses; becomes 400 with an ODataError body. */
export class ODataQueryError extends Error {
  /** The query option at fault, such as `$filter`. */
  readonly target: string;
  /** Offset in the option's text, from 0, where that is known. */
  readonly position: number | undefined;

  constructor(target: string, message: string, position?: number) {
    super(position === undefined ? message : `${message} at position ${position} of ${target}`);
    this.name = 'ODataQueryError';
    this.target = target;
    this.position = position;
  }
}
