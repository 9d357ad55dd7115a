/** The rule that clients of the AWS SDK are made in one place, for `no-restricted-syntax`. RelayClient is none of the SDK's. */
export const clientsElsewhere = [
  {
    selector: "NewExpression[callee.name=/^(?!Relay)\\w+Client$/]",
    message: "awsClient (backend/src/aws/client.ts) makes all clients: only those reach AWS through a proxy.",
  },
];
