/**
 * Stack traces as Node.js makes them; every layer's program imports this first. Pulumi's runner has each trace mapped to
 * sources, and takes one for every promise, which costs a tenth of a preview; these programs run as they are written, so
 * there is nothing to map.
 */
Reflect.deleteProperty(Error, "prepareStackTrace");
