export type Kind =
  | 'database'
  | 'file system'
  | 'mount target'
  | 'load balancer'
  | 'image'
  | 'instance'
  | 'status checks'
  | 'scaling group'
  | 'instance refresh'
  | 'certificate'
  | 'maintenance window'
  /** Until another number of them counts that need not come at once. */
  | 'days of backups'
  /** Until EC2 knows it. */
  | 'instance profile'
  /** Of a target group, each after the one before. */
  | 'target'
  | 'NAT gateway'

/** How long things of a kind take, in milliseconds, and what becomes of them. */
export interface Course {
  /** Until it can be used. */
  readonly ms?: number
  /** Until it is gone after it was deleted. */
  readonly goingMs?: number
  /** The state it ends in, when that is another than the usual one: `failed`. */
  readonly ends?: string
  /** What AWS says then. */
  readonly reason?: string
}

/** The clock of the emulated AWS. As long as nothing is set, all is done at once. */
export interface Courses {
  of(kind: Kind): Course
  set(kind: Kind, course: Course): void
  clear(): void
  now(): number
}

export function makeCourses(now: () => number = Date.now): Courses {
  const courses = new Map<Kind, Course>()
  return {
    of: (kind) => courses.get(kind) ?? {},
    set: (kind, course) => void courses.set(kind, course),
    clear: () => courses.clear(),
    now,
  }
}
