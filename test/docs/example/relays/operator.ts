export declare function pageOperator(message: string): void
export declare function record(name: string, attributes: Readonly<Record<string, string | number | boolean>>): void
