import type { Rule } from './rule.ts'

/** CreateTags on a launch template shows in DescribeLaunchTemplates (EC2 API Reference, CreateTags); moto keeps the tags of the creation. */
export function templateTags(): Rule {
  const tags = new Map<string, Map<string, string>>()
  return {
    because: 'EC2 API Reference: CreateTags knows launch templates',
    operations: ['ec2:CreateTags', 'ec2:DescribeLaunchTemplates'],
    handle: async ({ operation, parameters }, next) => {
      const answer = await next()
      if (answer.status !== 200) return answer
      const given = [...parameters]
      if (operation === 'CreateTags') {
        const set = given.flatMap(([name, key]): [string, string][] => {
          const [, number] = /^Tag\.(\d+)\.Key$/.exec(name) ?? []
          return number === undefined ? [] : [[key, parameters.get(`Tag.${number}.Value`) ?? '']]
        })
        for (const [name, id] of given)
          if (name.startsWith('ResourceId.') && id.startsWith('lt-'))
            tags.set(id, new Map([...(tags.get(id) ?? []), ...set]))
        return answer
      }
      let { body } = answer
      for (const [id, set] of tags)
        for (const [key, value] of set)
          body = body.replace(
            new RegExp(
              `(<launchTemplateId>${id}</launchTemplateId>(?:(?!<launchTemplateId>)[^])*?<key>${key}</key>\\s*<value>)[^<]*`,
            ),
            (_all, before: string) => `${before}${value}`,
          )
      return { ...answer, body }
    },
    reset: () => tags.clear(),
  }
}
