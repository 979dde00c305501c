export declare function query(text: string, values: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>
