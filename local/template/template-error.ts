/** Where in the template something was found that the local run cannot honour. */
export interface TemplatePlace {
  readonly logicalId?: string;
  readonly type?: string;
  /** Path of the property below `Properties`, such as `RedrivePolicy.maxReceiveCount`. */
  readonly property?: string;
}

/**
 * The template asks for something that the local run does not know or cannot honour. Raised before anything answers
 * requests, so that a difference between the local run and AWS is never silent.
 */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly place: TemplatePlace;

  constructor(place: TemplatePlace, problem: string) {
    const where = [
      place.logicalId,
      place.type === undefined ? undefined : `(${place.type})`,
      place.property === undefined ? undefined : `property ${place.property}`,
    ].filter((part) => part !== undefined);
    super(where.length === 0 ? problem : `${where.join(' ')}: ${problem}`);
    this.place = place;
  }
}
