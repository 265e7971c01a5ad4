import MagicString from 'magic-string';

/** Calls `see` with every node below `node`, and with itself. */
function walk(node, see) {
  see(node);
  for (const child of Object.values(node).flat()) {
    if (typeof child?.type === 'string') walk(child, see);
  }
}

/** The name of the property that a statement gives a value to, whatever happens. */
function assigned({ expression }) {
  const { left, operator } = expression ?? {};
  const isPlain = operator === '=' && left.object?.type === 'ThisExpression' && !left.computed;
  return isPlain ? left.property.name : undefined;
}

function assignedNames({ body: { body } }) {
  const constructor = body.find(({ kind }) => kind === 'constructor');
  return new Set(constructor?.value.body.body.map(assigned));
}

function idleFields(node) {
  const names = assignedNames(node);
  return node.body.body.filter(
    ({ computed, key, static: isStatic, type, value }) =>
      type === 'PropertyDefinition' &&
      key.type === 'Identifier' &&
      names.has(key.name) &&
      value === null &&
      !(computed || isStatic),
  );
}

/** The names of what the classes that `node` extends may have given to an object; undefined if one is not known. */
function inheritedNames({ superClass }, classes) {
  if (superClass === null) return new Set();
  const parent = classes.find(({ id }) => id && id.name === superClass.name);
  const names = parent && inheritedNames(parent, classes);
  const own = parent?.body.body.map(({ key }) => key?.name) ?? [];
  return names && new Set([...names, ...assignedNames(parent), ...own]);
}

/** The classes of this code, and the names for which it matters whether a property is there, or how it was made. */
function survey(tree) {
  const classes = [];
  const delicate = new Set();
  walk(tree, (node) => {
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') classes.push(node);
    if (node.kind === 'get' || node.kind === 'set') delicate.add(node.key.name);
    if (node.type === 'BinaryExpression' && node.operator === 'in') delicate.add(node.left.value);
  });
  return { classes, delicate };
}

/**
 * Takes out the declarations of fields that get their value in the constructor. A field that is `undefined` first is
 * one of which engines know less: a number in it has to be allocated anew for every change.
 */
export function leanFields() {
  return {
    name: 'lean-fields',
    renderChunk(code) {
      const { classes, delicate } = survey(this.parse(code));
      const text = new MagicString(code);
      for (const node of classes) {
        const inherited = inheritedNames(node, classes);
        if (inherited === undefined) continue;
        for (const { end, key, start } of idleFields(node)) {
          if (delicate.has(key.name) || inherited.has(key.name)) continue;
          text.overwrite(start, end, ';');
        }
      }
      return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
    },
  };
}
