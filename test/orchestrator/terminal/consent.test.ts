import { expect } from "chai";
import { Key, Terminal } from "@proliferate-infra/testing/terminal";

const endOfInput = "\u0004";

/** Asks for consent; ends with 0 when it is given, with 10 when it is refused, else with the error's exit code. */
const asking = `
import { consent } from "@proliferate-infra/orchestrator/terminal/consent";
try {
  process.exitCode = (await consent("up", "Deploy network of prod?", undefined)) ? 0 : 10;
} catch (error) {
  console.error(error.message);
  process.exitCode = error.exitCode;
}`;

async function answered(keys: string) {
  const terminal = new Terminal([process.execPath, "--input-type=module", "--eval", asking], process.env);
  await terminal.waitFor(/Deploy network of prod\?/);
  terminal.type(keys);
  return { exitCode: await terminal.end(), shown: terminal.shown };
}

describe("consent", function () {
  this.timeout(20_000);

  it("is given only by y", async () => {
    expect((await answered("y")).exitCode).to.equal(0);
    expect((await answered(Key.enter)).exitCode).to.equal(10);
    expect((await answered("n")).exitCode).to.equal(10);
  });

  for (const [name, key] of Object.entries({ "Ctrl-C": Key.interrupt, "Ctrl-D": endOfInput })) {
    it(`ends the command with exit code 5 at ${name}`, async () => {
      const { exitCode, shown } = await answered(key);
      expect(shown).to.contain("Nothing was changed.").and.not.to.contain("Error");
      expect(exitCode).to.equal(5);
    });
  }
});
