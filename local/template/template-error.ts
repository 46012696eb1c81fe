/** Where in the template something was found that the local run cannot honour. */
export interface TemplateLocation {
  readonly logicalId?: string;
  readonly type?: string;
  /** Path of the property below `Properties`, such as `RedrivePolicy.maxReceiveCount`. */
  readonly property?: string;
}

/**
 * The template asks for something that the local run does not know or cannot honour. Raised before anything
 * answers requests, so that a difference between the local run and AWS is never silent.
 */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly location: TemplateLocation;

  constructor(location: TemplateLocation, problem: string) {
    const where = [
      location.logicalId,
      location.type === undefined ? undefined : `(${location.type})`,
      location.property === undefined ? undefined : `property ${location.property}`,
    ].filter((part) => part !== undefined);
    super(where.length === 0 ? problem : `${where.join(' ')}: ${problem}`);
    this.location = location;
  }
}
