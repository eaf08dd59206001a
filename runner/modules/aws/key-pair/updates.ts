import type { Updates } from '../../module.ts'

// CloudFormation, AWS::EC2::KeyPair: PublicKeyMaterial by Replacement; what runs keeps the key that it was started with.
export const updates: Updates = {
  public_key: { disruption: 'replace', usual: 5 },
}
