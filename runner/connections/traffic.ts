import type { Pipe } from './session.ts'

/** What talking to a host cost. */
export interface Traffic {
  /**
   * Requests that had to wait for the answer to one before, and were answered: round trips. Those sent side by side, to the shells of
   * several users, count once.
   */
  readonly exchanges: number
  /** Bytes to and from its shells, before the link compresses or encrypts them. */
  readonly sent: number
  readonly received: number
}

export interface Counter {
  readonly traffic: Traffic
  /** Counts a request; to be called, when it is answered, is what is returned. */
  asked(): () => void
  /** The same pipe, its bytes counted. */
  watch(pipe: Pipe): Pipe
}

/** Counts round trips as Lamport's clock does: a request comes one after the last answer that was there when it was sent. */
export function makeCounter(): Counter {
  let exchanges = 0
  let answered = 0
  let sent = 0
  let received = 0
  return {
    get traffic() {
      return { exchanges, sent, received }
    },
    asked() {
      const own = answered + 1
      exchanges = Math.max(exchanges, own)
      return () => (answered = Math.max(answered, own))
    },
    watch: (pipe) => ({
      ...pipe,
      write(data, gone) {
        sent += Buffer.byteLength(data)
        pipe.write(data, gone)
      },
      onStdout: (take) =>
        pipe.onStdout((bytes) => {
          received += bytes.length
          take(bytes)
        }),
      onStderr: (take) =>
        pipe.onStderr((bytes) => {
          received += bytes.length
          take(bytes)
        }),
    }),
  }
}
