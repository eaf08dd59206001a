import type { Question } from './question.ts'
import { questionsOfEc2 } from './questions-of-ec2.ts'
import { questionsOfOthers } from './questions-of-others.ts'

export const questions: readonly Question[] = [...questionsOfEc2, ...questionsOfOthers]
