// A bot written with grammY talks to a person of the playground; run by test_grammy.py, which sets
// PLAYGROUND (the address), TOKEN and APP (of the bot) and PERSON (an id).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Bot, GrammyError, InlineKeyboard, InputFile, InputMediaBuilder } from "grammy";

const { PLAYGROUND, TOKEN, APP, PERSON } = process.env;
const DEADLINE_SECONDS = 10;

const bot = new Bot(TOKEN, { client: { apiRoot: PLAYGROUND } });
const albums = new Map();

bot.command("start", (ctx) =>
  ctx.reply("Hello, <b>you</b>", {
    parse_mode: "HTML",
    reply_markup: new InlineKeyboard().text("Count", "count:1"),
  }),
);
bot.callbackQuery("count:1", async (ctx) => {
  await ctx.editMessageText("Counted: 1");
  await ctx.answerCallbackQuery({ text: "One", show_alert: true });
});
const documents = bot.on("message:document");
const inAlbum = documents.filter((ctx) => ctx.message.media_group_id !== undefined);
inAlbum.use(async (ctx) => {
  const id = ctx.message.media_group_id;
  const album = [...(albums.get(id) ?? []), ctx.message.document.file_id];
  albums.set(id, album);
  if (album.length === 3) {
    await ctx.replyWithMediaGroup(album.map((file) => InputMediaBuilder.document(file)));
  }
});
documents.filter((ctx) => ctx.message.media_group_id === undefined).use(async (ctx) => {
  const file = await ctx.getFile();
  const answer = await fetch(`${PLAYGROUND}/file/bot${TOKEN}/${file.file_path}`);
  const turned = Buffer.from(await answer.arrayBuffer()).reverse();
  const name = `turned-${ctx.message.document.file_name}`;
  await ctx.replyWithDocument(new InputFile(turned, name), { caption: "Turned round" });
});

const chat = `${PLAYGROUND}/sim/chats/${APP}/${PERSON}`;

async function post(action, body) {
  const json = !(body instanceof FormData);
  const answer = await fetch(`${chat}/${action}`, {
    method: "POST",
    body: json ? JSON.stringify(body) : body,
    headers: json ? { "Content-Type": "application/json" } : {},
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

function upload(files) {
  const form = new FormData();
  for (const [name, content] of files) form.append("file", new Blob([content]), name);
  return post("upload", form);
}

// The chat as soon as the condition holds; without any change for a while it never will.
async function until(condition) {
  let seen = await (await fetch(chat)).json();
  while (!condition(seen)) {
    const query = `after=${seen.revision}&timeout=${DEADLINE_SECONDS}`;
    const following = await (await fetch(`${chat}?${query}`)).json();
    assert.ok(following.revision > seen.revision, JSON.stringify(seen.messages, null, 1));
    seen = following;
  }
  return seen;
}

async function newest(text) {
  const seen = await until((now) => now.messages.some((m) => m.text.includes(text)));
  return seen.messages.filter((m) => m.text.includes(text)).at(-1);
}

let polling;
before(() => {
  polling = bot.start();
});
after(async () => {
  await bot.stop();
  await polling;
});

test("a command is answered, with formatting and a button", async () => {
  await post("say", { text: "/start" });
  const greeting = await newest("Hello, you");
  assert.deepEqual(greeting.entities, [{ type: "bold", offset: 7, length: 3 }]);
  assert.equal(greeting.buttons[0][0].text, "Count");
});

test("a press is answered, and the message edited in its place", async () => {
  const { id } = await newest("Hello, you");
  await post("press", { button: "Count" });
  assert.equal((await newest("Counted: 1")).id, id);
  const seen = await until((now) => now.callback_answers.length > 0);
  const [{ text, alert }] = seen.callback_answers;
  assert.deepEqual({ text, alert }, { text: "One", alert: true });
});

test("a file goes there and back", async () => {
  await upload([["письмо.txt", "abc"]]);
  const answer = await newest("Turned round");
  assert.equal(answer.file.name, "turned-письмо.txt");
  assert.equal(await (await fetch(`${chat}/files/${answer.id}`)).text(), "cba");
});

test("an album comes as one message a file, and goes back as an album", async () => {
  const sent = await upload([["1.txt", "one"], ["2.txt", "two"], ["3.txt", "three"]]);
  assert.equal(sent.message_ids.length, 3);
  const fromBot = (now) => now.messages.filter((m) => m.from === "bot" && m.album);
  const album = fromBot(await until((now) => fromBot(now).length === 3));
  assert.deepEqual(album.map((m) => m.file.name), ["1.txt", "2.txt", "3.txt"]);
  assert.equal(new Set(album.map((m) => m.album)).size, 1);
});

test("a message is copied and forwarded", async () => {
  const original = await newest("/start");
  const copy = await bot.api.copyMessage(PERSON, PERSON, original.id);
  const forwarded = await bot.api.forwardMessage(PERSON, PERSON, original.id);
  assert.equal(forwarded.forward_origin.sender_user.id, Number(PERSON));
  const { messages } = await (await fetch(chat)).json();
  assert.equal(messages.find((m) => m.id === copy.message_id).text, "/start");
});

test("media is edited, and messages are deleted together", async () => {
  const sent = await bot.api.sendMessage(PERSON, "soon a file");
  const file = InputMediaBuilder.document(new InputFile(Buffer.from("x"), "x.txt"));
  const edited = await bot.api.editMessageMedia(PERSON, sent.message_id, file);
  assert.equal(edited.document.file_name, "x.txt");
  assert.equal(await bot.api.deleteMessages(PERSON, [sent.message_id]), true);
});

test("a refusal is Telegram's", async () => {
  const problem = await bot.api.sendMessage(4711, "anybody?").catch((error) => error);
  assert.ok(problem instanceof GrammyError);
  assert.equal(problem.error_code, 400);
  assert.equal(problem.description, "Bad Request: chat not found");
});
