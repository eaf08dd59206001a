export const states = ['Pending Payment', 'Paid', 'Shipped', 'Delivered', 'Cancelled', 'Expired'] as const
export type State = (typeof states)[number]

export const methods = ['Credit Card', 'Paypal', 'Bank Transfer'] as const
export type Method = (typeof methods)[number]

export type Step = 'pay' | 'cancel' | 'expire' | 'ship' | 'receive'

/** The state machine of an order: each step leads from one state to one other, and is refused in any other. */
export const steps: Readonly<Record<Step, { readonly from: State; readonly to: State }>> = {
  pay: { from: 'Pending Payment', to: 'Paid' },
  cancel: { from: 'Pending Payment', to: 'Cancelled' },
  expire: { from: 'Pending Payment', to: 'Expired' },
  ship: { from: 'Paid', to: 'Shipped' },
  receive: { from: 'Shipped', to: 'Delivered' },
}
