import { RateLimit, Session, User } from '../accounts/entities.ts'
import { Book } from '../catalog/entities.ts'
import { DeliveryAssignment, DeliveryProvider } from '../delivery/entities.ts'
import { Lease } from '../jobs/entities.ts'
import { Payment, Purchase, Submission } from '../orders/entities.ts'

/** All tables. */
export const entities = [
  User,
  Session,
  RateLimit,
  Book,
  Purchase,
  Payment,
  Submission,
  DeliveryProvider,
  DeliveryAssignment,
  Lease,
] as const
