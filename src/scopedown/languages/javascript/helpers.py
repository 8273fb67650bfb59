"""Helper functions that compilers write into their output, known by name.

Their definitions are left out when a file is lowered; the interpreter's built-ins say what each does. Names from
TypeScript's tslib, Babel's runtime and esbuild's prelude.
"""

from __future__ import annotations

HELPERS = frozenset(
    {
        "__importDefault",
        "__importStar",
        "__createBinding",
        "__setModuleDefault",
        "__exportStar",
        "__awaiter",
        "__rest",
        "__assign",
        "__spreadArray",
        "__spreadArrays",
        "__read",
        "__decorate",
        "__metadata",
        "__param",
        "_interopRequireDefault",
        "_interopRequireWildcard",
        "_asyncToGenerator",
        "_async_to_generator",
        "asyncGeneratorStep",
        "asyncGeneratorStep$1",
        "_regenerator",
        "_regeneratorRuntime",
        "_regeneratorDefine",
        "_regeneratorDefine2",
        "_createClass",
        "_create_class",
        "_classCallCheck",
        "_class_call_check",
        "_interop_require_default",
        "_interop_require_wildcard",
        "_object_spread",
        "_object_spread_props",
        "_define_property",
        "_to_consumable_array",
        "_objectSpread",
        "_objectSpread2",
        "_extends",
        "__toESM",
        "__toCommonJS",
        "__copyProps",
        "__commonJS",
        "__commonJSMin",
        "__esm",
        "__esmMin",
        "__export",
        "__exportAll",
        "__reExport",
        "__name",
        "__async",
        "__spreadValues",
        "__spreadProps",
    }
)
