'use client'
import { describeUsage, type DescribeUsageParameters, type UsageDescription } from './describeUsage.js'

export type UseUsageMeterParameters = DescribeUsageParameters

export type UseUsageMeterReturnType = UsageDescription & {
  /** What makes an element this meter. Where there is no number it is a group of text, as a meter must have one. */
  meterProps: MeterProps
}

type MeterProps =
  | { role: 'group'; 'aria-label': string }
  | { role: 'meter'; 'aria-label': string; 'aria-valuemin': 0; 'aria-valuemax': 100; 'aria-valuenow': number; 'aria-valuetext': string }

/** One limit as a meter of your own: how much is left, in words and as a share. */
export function useUsageMeter(parameters: UseUsageMeterParameters): UseUsageMeterReturnType {
  const description = describeUsage(parameters)
  const { leftShare, name, valueText } = description
  const meterProps: MeterProps =
    leftShare === undefined
      ? { role: 'group', 'aria-label': name }
      : {
          role: 'meter',
          'aria-label': name,
          'aria-valuemin': 0,
          'aria-valuemax': 100,
          'aria-valuenow': Math.round(leftShare * 100),
          'aria-valuetext': valueText,
        }
  return { ...description, meterProps }
}
