/** A value or byte string does not fit its schema. `path` names the place (`/objects/3/id`), `reason` says what is wrong there. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  readonly path: string;
  readonly reason: string;

  constructor(reason: string, path = "") {
    super(path === "" ? reason : `${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }

  /** The same refusal seen from one level further out. */
  within(step: string | number): SchemaError {
    return new SchemaError(this.reason, `/${step}${this.path}`);
  }
}
