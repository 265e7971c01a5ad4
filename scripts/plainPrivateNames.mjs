import MagicString from 'magic-string';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** `_a`, `_b` … `_Z`, `_aa` … */
function plainName(index) {
  const last = letters[index % letters.length];
  if (index < letters.length) return `_${last}`;
  return plainName(Math.floor(index / letters.length) - 1) + last;
}

/** The private members in scope inside a class, by name: its own hide those of the classes around it. */
function declare(node, scope, found) {
  const own = new Map();
  for (const { key } of node.body.body) {
    // A getter and its setter are one member.
    if (key?.type !== 'PrivateIdentifier' || own.has(key.name)) continue;
    const member = { place: own.size, isInherited: node.superClass !== null, isTested: false };
    own.set(key.name, member);
    found.members.push(member);
  }
  return new Map([...scope, ...own]);
}

function addWords(text, words) {
  for (const word of text?.match(/[\w$]+/g) ?? []) words.add(word);
}

function visitAll(children, scope, found) {
  for (const child of children) {
    if (typeof child?.type === 'string') visit(child, scope, found);
  }
}

function visit(node, scope, found) {
  switch (node.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      visitAll([node.id, node.superClass], scope, found);
      visit(node.body, declare(node, scope, found), found);
      return;
    case 'PrivateIdentifier':
      found.uses.push({ node, member: scope.get(node.name), isOperand: false });
      return;
    case 'BinaryExpression':
      if (node.left.type === 'PrivateIdentifier') {
        const member = scope.get(node.left.name);
        member.isTested = true;
        found.uses.push({ node: node.left, member, isOperand: true });
        visit(node.right, scope, found);
        return;
      }
      break;
    case 'Identifier':
      found.words.add(node.name);
      break;
    case 'Literal':
      if (typeof node.value === 'string') addWords(node.value, found.words);
      break;
    case 'TemplateElement':
      addWords(node.value.cooked, found.words);
  }
  visitAll(Object.values(node).flat(), scope, found);
}

/** The private members that the code declares, where it uses them, and every other name or word in it. */
function survey(tree) {
  const found = { members: [], uses: [], words: new Set() };
  visit(tree, new Map(), found);
  return found;
}

/**
 * A name for each of `members`. Classes that extend nothing share names, for no object is an instance of two of them;
 * members of a class that extends another, and those that tell a class by `#name in object`, share theirs with none.
 */
function nameAll(members, words) {
  const shared = [];
  let tried = 0;
  const freeName = () => {
    for (;;) {
      const name = plainName(tried);
      tried += 1;
      if (!words.has(name)) return name;
    }
  };
  return members.map(({ place, isInherited, isTested }) => {
    if (isInherited || isTested) return freeName();
    return (shared[place] ??= freeName());
  });
}

/** The names for the members of this chunk. All chunks are looked at: a class may extend one of another chunk. */
function namesFor(chunk, chunks, parse) {
  const words = new Set();
  const members = [];
  let [first, end] = [0, 0];
  for (const fileName of Object.keys(chunks).sort()) {
    if (fileName === chunk.fileName) first = members.length;
    for (const { code } of Object.values(chunks[fileName].modules)) {
      const found = survey(parse(code ?? ''));
      for (const word of found.words) words.add(word);
      members.push(...found.members);
    }
    if (fileName === chunk.fileName) end = members.length;
  }
  return nameAll(members, words).slice(first, end);
}

/**
 * Renames every `#private` member to a short plain name that nothing else on the same object has: engines, Node 20
 * above all, read and write plain properties faster. Not for a class made in a function that extends an instance of
 * itself, as mixins applied twice do.
 */
export function plainPrivateNames() {
  return {
    name: 'plain-private-names',
    renderChunk(code, chunk, _options, { chunks }) {
      const { members, uses } = survey(this.parse(code));
      const names = namesFor(chunk, chunks, (source) => this.parse(source));
      if (names.length !== members.length) {
        this.error(`${chunk.fileName}: ${members.length} private members, ${names.length} names`);
      }
      const nameOf = new Map(members.map((member, index) => [member, names[index]]));
      const text = new MagicString(code);
      for (const { node, member, isOperand } of uses) {
        const name = nameOf.get(member);
        // `static#x` is two words.
        const gap = /[\w$]/.test(code[node.start - 1] ?? '') ? ' ' : '';
        const plain = gap + (isOperand ? `"${name}"` : name);
        text.overwrite(node.start, node.end, plain, { storeName: true });
      }
      return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
    },
  };
}
