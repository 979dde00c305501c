import { installBundler } from '../test/userOperation/installBundler.js'
import { startUserOperations } from '../test/userOperation/startUserOperations.js'
import { counted, measured, secondsOf, type Figure } from './figure.js'

const rounds = 5
const actionsPerRound = 4

/** By itself, since a bundler is slow: actions as user operations through a real one, which a paymaster pays for. */
export async function userOperationFigures(say: (line: string) => void): Promise<Figure[]> {
  say('installing the bundler, the first time')
  await installBundler()
  const world = await startUserOperations()
  try {
    const figures: Figure[] = []
    for (const key of ['secp256k1', 'p256'] as const) {
      const { send } = await world.startSession(key)
      const first = await send([world.mint])
      await send([world.mint])
      const rates: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        const seconds = await secondsOf(async () => {
          for (let action = 0; action < actionsPerRound; action += 1) await send([world.mint])
        })
        rates.push(actionsPerRound / seconds)
      }
      const single = await send([world.mint])
      const batch = await send(Array.from({ length: 10 }, () => world.mint))
      figures.push(
        measured(`rate.userOperation.${key}`, 'actions per second, in sequence', rates),
        counted(`gas.userOperation.${key}.first`, 'gas', Number(first.receipt.gasUsed)),
        counted(`gas.userOperation.${key}`, 'gas', Number(single.receipt.gasUsed)),
        counted(`gas.userOperation.${key}.batch10`, 'gas per call', Number(batch.receipt.gasUsed) / 10),
      )
    }
    return figures
  } finally {
    await world.stop()
  }
}
