-- What the project's roles did, by CloudTrail, for scopedown observe --used FILE.
-- Names of other principals are not in the result; records of theirs are counted, by day and service.
-- The table is AWS's for CloudTrail with partition projection; here it is cloudtrail_logs_pp.
-- This text was parsed, and not run against an account, before scopedown was released.
WITH records AS (
  SELECT
    eventtime, eventcategory, eventsource, eventname, eventtype, awsregion, recipientaccountid, sharedeventid,
    errorcode, errormessage, useridentity.type AS identitytype, useridentity.arn AS identityarn,
    useridentity.accountid AS identityaccount, useridentity.invokedby AS invokedby,
    useridentity.sessioncontext.sessionissuer.arn AS issuerarn,
    TRANSFORM(resources, one -> one.arn) AS arns,
    TRY(TRANSFORM_VALUES(
      CAST(JSON_PARSE(requestparameters) AS MAP(VARCHAR, JSON)),
      (name, given) ->
        IF(JSON_FORMAT(given) = 'null', NULL, COALESCE(JSON_EXTRACT_SCALAR(given, '$'), JSON_FORMAT(given)))
    )) AS requestparameters
  FROM cloudtrail_logs_pp
  WHERE "timestamp" >= '2026/08/02' AND "timestamp" <= '2026/08/20'
),
hints AS (
  SELECT * FROM (VALUES …) AS known (source, event, names)
)
SELECT
  *
FROM (
  SELECT
    "t5"."recipientaccountid" AS "account",
    "t5"."awsregion" AS "region",
    '' AS "principal",
    '' AS "kind",
    '' AS "via",
    '' AS "session",
    "t5"."data" AS "source",
    '' AS "event",
    "t5"."category",
    '' AS "resource",
    '' AS "hint",
    '' AS "denied_action",
    '' AS "denied_by",
    "t5"."day" AS "first",
    "t5"."day" AS "last",
    "t5"."number" AS "count",
    0 AS "denied"
  FROM (
    SELECT
      "t4"."recipientaccountid",
      "t4"."awsregion",
      "t4"."day",
      "t4"."category",
      "t4"."data",
      COUNT(*) AS "number"
    FROM (
      SELECT
        "t0"."arns",
        "t0"."requestparameters",
        COALESCE("t0"."eventtime", '') AS "eventtime",
        COALESCE("t0"."eventcategory", '') AS "eventcategory",
        COALESCE("t0"."eventsource", '') AS "eventsource",
        COALESCE("t0"."eventname", '') AS "eventname",
        COALESCE("t0"."eventtype", '') AS "eventtype",
        COALESCE("t0"."awsregion", '') AS "awsregion",
        COALESCE("t0"."recipientaccountid", '') AS "recipientaccountid",
        COALESCE("t0"."sharedeventid", '') AS "sharedeventid",
        COALESCE("t0"."errorcode", '') AS "errorcode",
        COALESCE("t0"."errormessage", '') AS "errormessage",
        COALESCE("t0"."identitytype", '') AS "identitytype",
        COALESCE("t0"."identityarn", '') AS "identityarn",
        COALESCE("t0"."identityaccount", '') AS "identityaccount",
        COALESCE("t0"."invokedby", '') AS "invokedby",
        COALESCE("t0"."issuerarn", '') AS "issuerarn",
        IF(
          COALESCE("t0"."eventcategory", '') = '',
          'Management',
          COALESCE("t0"."eventcategory", '')
        ) AS "category",
        REGEXP_REPLACE(COALESCE("t0"."eventsource", ''), '\.amazonaws\.com(?:\.cn)?$', '') AS "source",
        CONCAT(
          SUBSTR(
            COALESCE("t0"."eventtime", ''),
            IF((
              0 + 1
            ) >= 1, 0 + 1, 0 + 1 + LENGTH(COALESCE("t0"."eventtime", ''))),
            10
          ),
          'T00:00:00Z'
        ) AS "day",
        IF(
          IF(
            COALESCE("t0"."eventcategory", '') = '',
            'Management',
            COALESCE("t0"."eventcategory", '')
          ) = 'Data',
          REGEXP_REPLACE(COALESCE("t0"."eventsource", ''), '\.amazonaws\.com(?:\.cn)?$', ''),
          ''
        ) AS "data"
      FROM "records" AS "t0"
      WHERE
        LENGTH(COALESCE("t0"."eventtime", '')) = 20
        AND REGEXP_LIKE(
          COALESCE("t0"."eventtime", ''),
          '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T[0-9]{2}:[0-9]{2}:[0-9]{2}Z'
        )
        AND IF(
          COALESCE("t0"."eventcategory", '') = '',
          'Management',
          COALESCE("t0"."eventcategory", '')
        ) IN ('Management', 'Data')
        AND COALESCE("t0"."eventtime", '') >= '2026-08-02T00:00:00Z'
        AND COALESCE("t0"."eventtime", '') < '2026-08-20T00:00:00Z'
    ) AS "t4"
    GROUP BY
      1,
      2,
      3,
      4,
      5
  ) AS "t5"
) AS "t6"
UNION ALL
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t14"."account",
      "t14"."region",
      "t14"."principal",
      "t14"."kind",
      "t14"."via",
      "t14"."session",
      "t14"."source",
      "t14"."event",
      "t14"."category",
      "t14"."resource",
      "t14"."hint",
      "t14"."denied_action",
      "t14"."denied_by",
      MIN("t14"."time") AS "first",
      MAX("t14"."time") AS "last",
      COUNT(*) AS "count",
      SUM("t14"."is_denied") AS "denied"
    FROM (
      SELECT
        "t13"."account",
        "t13"."region",
        "t13"."principal",
        "t13"."kind",
        "t13"."via",
        "t13"."session",
        "t13"."source",
        "t13"."event",
        "t13"."category",
        "t13"."time",
        "t13"."is_denied",
        "t13"."hint",
        "t13"."denied_action",
        "t13"."denied_by",
        "t13"."resource"
      FROM (
        SELECT
          "t12"."account",
          "t12"."region",
          "t12"."principal",
          "t12"."kind",
          "t12"."via",
          "t12"."session",
          "t12"."source",
          "t12"."event",
          "t12"."category",
          "t12"."arns",
          "t12"."time",
          "t12"."is_denied",
          "t12"."hint",
          "t12"."denied_action",
          "t12"."denied_by",
          IF(_u.pos = _u_2.pos_2, _u_2."resource") AS "resource"
        FROM (
          SELECT
            "t11"."account",
            "t11"."region",
            "t11"."principal",
            "t11"."kind",
            "t11"."via",
            "t11"."session",
            "t11"."source",
            "t11"."event",
            "t11"."category",
            "t11"."arns",
            "t11"."time",
            "t11"."is_denied",
            "t11"."hint",
            "t11"."denied_action",
            "t11"."denied_by"
          FROM (
            SELECT
              "t10"."account",
              "t10"."region",
              "t10"."principal",
              "t10"."kind",
              "t10"."via",
              "t10"."session",
              "t10"."source",
              "t10"."event",
              "t10"."category",
              "t10"."message",
              IF(
                (
                  IF(
                    COALESCE(
                      REGEXP_EXTRACT(
                        COALESCE(REGEXP_EXTRACT("t10"."message", 'on resource: (arn:[^ ,]+)', 1), ''),
                        '(?s)^(arn:[^:]*:s3:::[^/]+/(?:[^/]*/)?).+$',
                        1
                      ),
                      ''
                    ) = '',
                    COALESCE(REGEXP_EXTRACT("t10"."message", 'on resource: (arn:[^ ,]+)', 1), ''),
                    CONCAT(
                      COALESCE(
                        REGEXP_EXTRACT(
                          COALESCE(REGEXP_EXTRACT("t10"."message", 'on resource: (arn:[^ ,]+)', 1), ''),
                          '(?s)^(arn:[^:]*:s3:::[^/]+/(?:[^/]*/)?).+$',
                          1
                        ),
                        ''
                      ),
                      '*'
                    )
                  ) <> ''
                )
                OR (
                  CARDINALITY(
                    ARRAY_DISTINCT(
                      TRANSFORM(
                        FILTER(COALESCE("t10"."arns", ARRAY[]), __ibis_param_arn__ -> __ibis_param_arn__ <> ''),
                        __ibis_param_arn__ -> IF(
                          COALESCE(
                            REGEXP_EXTRACT(__ibis_param_arn__, '(?s)^(arn:[^:]*:s3:::[^/]+/(?:[^/]*/)?).+$', 1),
                            ''
                          ) = '',
                          __ibis_param_arn__,
                          CONCAT(
                            COALESCE(
                              REGEXP_EXTRACT(__ibis_param_arn__, '(?s)^(arn:[^:]*:s3:::[^/]+/(?:[^/]*/)?).+$', 1),
                              ''
                            ),
                            '*'
                          )
                        )
                      )
                    )
                  ) = 0
                ),
                ARRAY[IF(
                  COALESCE(
                    REGEXP_EXTRACT(
                      COALESCE(REGEXP_EXTRACT("t10"."message", 'on resource: (arn:[^ ,]+)', 1), ''),
                      '(?s)^(arn:[^:]*:s3:::[^/]+/(?:[^/]*/)?).+$',
                      1
                    ),
                    ''
                  ) = '',
                  COALESCE(REGEXP_EXTRACT("t10"."message", 'on resource: (arn:[^ ,]+)', 1), ''),
                  CONCAT(
                    COALESCE(
                      REGEXP_EXTRACT(
                        COALESCE(REGEXP_EXTRACT("t10"."message", 'on resource: (arn:[^ ,]+)', 1), ''),
                        '(?s)^(arn:[^:]*:s3:::[^/]+/(?:[^/]*/)?).+$',
                        1
                      ),
                      ''
                    ),
                    '*'
                  )
                )],
                ARRAY_DISTINCT(
                  TRANSFORM(
                    FILTER(COALESCE("t10"."arns", ARRAY[]), __ibis_param_arn__ -> __ibis_param_arn__ <> ''),
                    __ibis_param_arn__ -> IF(
                      COALESCE(
                        REGEXP_EXTRACT(__ibis_param_arn__, '(?s)^(arn:[^:]*:s3:::[^/]+/(?:[^/]*/)?).+$', 1),
                        ''
                      ) = '',
                      __ibis_param_arn__,
                      CONCAT(
                        COALESCE(
                          REGEXP_EXTRACT(__ibis_param_arn__, '(?s)^(arn:[^:]*:s3:::[^/]+/(?:[^/]*/)?).+$', 1),
                          ''
                        ),
                        '*'
                      )
                    )
                  )
                )
              ) AS "arns",
              "t10"."time",
              "t10"."is_denied",
              "t10"."hint",
              COALESCE(
                REGEXP_EXTRACT("t10"."message", 'to perform:? ([A-Za-z0-9-]+:[A-Za-z0-9]+)', 1),
                ''
              ) AS "denied_action",
              COALESCE(
                REGEXP_EXTRACT(
                  "t10"."message",
                  '(no [a-z -]*?(?:policy|boundary)|explicit deny(?: in an? [a-z -]*?(?:policy|boundary))?)',
                  1
                ),
                ''
              ) AS "denied_by"
            FROM (
              SELECT
                "t9"."recipientaccountid" AS "account",
                "t9"."awsregion" AS "region",
                "t9"."principal",
                "t9"."identitytype" AS "kind",
                IF("t9"."identitytype" = 'AWSService', '', "t9"."invokedby") AS "via",
                IF(
                  (
                    COALESCE(
                      REGEXP_EXTRACT("t9"."identityarn", '(?s)^arn:[^:]*:sts::[^:]*:assumed-role/[^/]+/(.*)$', 1),
                      ''
                    ) <> ''
                  )
                  AND REGEXP_LIKE(
                    COALESCE(
                      REGEXP_EXTRACT("t9"."identityarn", '(?s)^arn:[^:]*:sts::[^:]*:assumed-role/[^/]+/(.*)$', 1),
                      ''
                    ),
                    '(?s)^(?:todos\-dev\-.*)$'
                  ),
                  COALESCE(
                    REGEXP_EXTRACT("t9"."identityarn", '(?s)^arn:[^:]*:sts::[^:]*:assumed-role/[^/]+/(.*)$', 1),
                    ''
                  ),
                  ''
                ) AS "session",
                "t9"."source",
                "t9"."eventname" AS "event",
                "t9"."category",
                IF(
                  REGEXP_LIKE("t9"."errorcode", 'AccessDenied|Unauthorized|NotAuthorized$|AuthorizationError'),
                  "t9"."errormessage",
                  ''
                ) AS "message",
                "t9"."arns",
                "t9"."eventtime" AS "time",
                CAST(IF(
                  REGEXP_LIKE("t9"."errorcode", 'AccessDenied|Unauthorized|NotAuthorized$|AuthorizationError'),
                  1,
                  0
                ) AS BIGINT) AS "is_denied",
                COALESCE(
                  ARRAY_JOIN(
                    NULLIF(
                      FILTER(
                        TRANSFORM(
                          TRANSFORM(
                            TRANSFORM(
                              COALESCE("t2"."names", ARRAY[]),
                              __ibis_param_name__ -> TRY_CAST(ROW(
                                __ibis_param_name__,
                                IF(
                                  COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '\.(.+)$', 1), '') = '',
                                  COALESCE(
                                    COALESCE(
                                      ELEMENT_AT(
                                        "t9"."requestparameters",
                                        COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '^([^.]+)', 1), '')
                                      ),
                                      ''
                                    ),
                                    ''
                                  ),
                                  IF(
                                    (
                                      STRPOS(
                                        COALESCE(
                                          COALESCE(
                                            ELEMENT_AT(
                                              "t9"."requestparameters",
                                              COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '^([^.]+)', 1), '')
                                            ),
                                            ''
                                          ),
                                          ''
                                        ),
                                        CONCAT(
                                          '"',
                                          COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '\.(.+)$', 1), ''),
                                          '":'
                                        )
                                      ) - 1
                                    ) < 0,
                                    '',
                                    COALESCE(
                                      REGEXP_EXTRACT(
                                        SUBSTR(
                                          COALESCE(
                                            COALESCE(
                                              ELEMENT_AT(
                                                "t9"."requestparameters",
                                                COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '^([^.]+)', 1), '')
                                              ),
                                              ''
                                            ),
                                            ''
                                          ),
                                          IF(
                                            (
                                              (
                                                STRPOS(
                                                  COALESCE(
                                                    COALESCE(
                                                      ELEMENT_AT(
                                                        "t9"."requestparameters",
                                                        COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '^([^.]+)', 1), '')
                                                      ),
                                                      ''
                                                    ),
                                                    ''
                                                  ),
                                                  CONCAT(
                                                    '"',
                                                    COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '\.(.+)$', 1), ''),
                                                    '":'
                                                  )
                                                ) - 1
                                              ) + LENGTH(
                                                COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '\.(.+)$', 1), '')
                                              ) + 3 + 1
                                            ) >= 1,
                                            (
                                              STRPOS(
                                                COALESCE(
                                                  COALESCE(
                                                    ELEMENT_AT(
                                                      "t9"."requestparameters",
                                                      COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '^([^.]+)', 1), '')
                                                    ),
                                                    ''
                                                  ),
                                                  ''
                                                ),
                                                CONCAT(
                                                  '"',
                                                  COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '\.(.+)$', 1), ''),
                                                  '":'
                                                )
                                              ) - 1
                                            ) + LENGTH(
                                              COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '\.(.+)$', 1), '')
                                            ) + 3 + 1,
                                            (
                                              STRPOS(
                                                COALESCE(
                                                  COALESCE(
                                                    ELEMENT_AT(
                                                      "t9"."requestparameters",
                                                      COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '^([^.]+)', 1), '')
                                                    ),
                                                    ''
                                                  ),
                                                  ''
                                                ),
                                                CONCAT(
                                                  '"',
                                                  COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '\.(.+)$', 1), ''),
                                                  '":'
                                                )
                                              ) - 1
                                            ) + LENGTH(
                                              COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '\.(.+)$', 1), '')
                                            ) + 3 + 1 + LENGTH(
                                              COALESCE(
                                                COALESCE(
                                                  ELEMENT_AT(
                                                    "t9"."requestparameters",
                                                    COALESCE(REGEXP_EXTRACT(REPLACE(__ibis_param_name__, '?', ''), '^([^.]+)', 1), '')
                                                  ),
                                                  ''
                                                ),
                                                ''
                                              )
                                            )
                                          )
                                        ),
                                        '^\[?(?:\{[^{}]*"content":)?"([ !#-\[\]-~]*)"',
                                        1
                                      ),
                                      ''
                                    )
                                  )
                                )
                              ) AS ROW("name" VARCHAR, "given" VARCHAR))
                            ),
                            __ibis_param_one__ -> TRY_CAST(ROW(
                              REPLACE(__ibis_param_one__."name", '?', ''),
                              CASE
                                WHEN __ibis_param_one__."given" = ''
                                THEN ''
                                WHEN SUBSTR(__ibis_param_one__."name", -LENGTH('?')) = '?'
                                THEN IF(__ibis_param_one__."given" IN ('', 'false', '[]', '{}'), '', '*')
                                WHEN (
                                  "t9"."source" = 's3'
                                ) AND (
                                  __ibis_param_one__."name" = 'key'
                                )
                                THEN CONCAT(
                                  COALESCE(REGEXP_EXTRACT(__ibis_param_one__."given", '(?s)^([^/]*/).+$', 1), ''),
                                  '*'
                                )
                                WHEN (
                                  "t9"."source" = 's3'
                                )
                                AND (
                                  __ibis_param_one__."name" = 'x-amz-copy-source'
                                )
                                THEN IF(
                                  COALESCE(
                                    REGEXP_EXTRACT(
                                      __ibis_param_one__."given",
                                      '(?s)^(/?[^/%?]+(?:/|%2[Ff])(?:[^/%?]*(?:/|%2[Ff]))?)[^?]*',
                                      1
                                    ),
                                    ''
                                  ) = '',
                                  '',
                                  CONCAT(
                                    COALESCE(
                                      REGEXP_EXTRACT(
                                        __ibis_param_one__."given",
                                        '(?s)^(/?[^/%?]+(?:/|%2[Ff])(?:[^/%?]*(?:/|%2[Ff]))?)[^?]*',
                                        1
                                      ),
                                      ''
                                    ),
                                    '*',
                                    COALESCE(REGEXP_EXTRACT(__ibis_param_one__."given", '(\?versionId=).', 1), '')
                                  )
                                )
                                WHEN SUBSTR(
                                  __ibis_param_one__."given",
                                  IF((
                                    0 + 1
                                  ) >= 1, 0 + 1, 0 + 1 + LENGTH(__ibis_param_one__."given")),
                                  1
                                ) IN ('[', '{')
                                THEN COALESCE(
                                  REGEXP_EXTRACT(
                                    __ibis_param_one__."given",
                                    '(?:^\[|"[A-Za-z]*(?:[iI]d|[nN]ame|[aA]rn|ARN|content)":)"([ !#-\[\]-~]*)"',
                                    1
                                  ),
                                  ''
                                )
                                ELSE __ibis_param_one__."given"
                              END
                            ) AS ROW("name" VARCHAR, "value" VARCHAR))
                          ),
                          __ibis_param_one__ -> IF(
                            __ibis_param_one__."value" = '',
                            '',
                            CONCAT(
                              __ibis_param_one__."name",
                              '=',
                              REPLACE(REPLACE(__ibis_param_one__."value", '%', '%25'), '&', '%26')
                            )
                          )
                        ),
                        __ibis_param_one__ -> __ibis_param_one__ <> ''
                      ),
                      ARRAY[]
                    ),
                    '&'
                  ),
                  ''
                ) AS "hint"
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    "t3"."arns",
                    "t3"."requestparameters",
                    "t3"."eventtime",
                    "t3"."eventcategory",
                    "t3"."eventsource",
                    "t3"."eventname",
                    "t3"."eventtype",
                    "t3"."awsregion",
                    "t3"."recipientaccountid",
                    "t3"."sharedeventid",
                    "t3"."errorcode",
                    "t3"."errormessage",
                    "t3"."identitytype",
                    "t3"."identityarn",
                    "t3"."identityaccount",
                    "t3"."invokedby",
                    "t3"."issuerarn",
                    "t3"."category",
                    "t3"."source",
                    IF(
                      COALESCE(
                        REGEXP_EXTRACT(
                          CASE
                            WHEN "t3"."issuerarn" <> ''
                            THEN "t3"."issuerarn"
                            WHEN "t3"."identityarn" <> ''
                            THEN "t3"."identityarn"
                            ELSE "t3"."invokedby"
                          END,
                          '(?s)^(arn:[^:]*:)sts(::[^:]*:)assumed-role(/[^/]+)(?:/.*)?$',
                          1
                        ),
                        ''
                      ) = '',
                      CASE
                        WHEN "t3"."issuerarn" <> ''
                        THEN "t3"."issuerarn"
                        WHEN "t3"."identityarn" <> ''
                        THEN "t3"."identityarn"
                        ELSE "t3"."invokedby"
                      END,
                      CONCAT(
                        COALESCE(
                          REGEXP_EXTRACT(
                            CASE
                              WHEN "t3"."issuerarn" <> ''
                              THEN "t3"."issuerarn"
                              WHEN "t3"."identityarn" <> ''
                              THEN "t3"."identityarn"
                              ELSE "t3"."invokedby"
                            END,
                            '(?s)^(arn:[^:]*:)sts(::[^:]*:)assumed-role(/[^/]+)(?:/.*)?$',
                            1
                          ),
                          ''
                        ),
                        'iam',
                        COALESCE(
                          REGEXP_EXTRACT(
                            CASE
                              WHEN "t3"."issuerarn" <> ''
                              THEN "t3"."issuerarn"
                              WHEN "t3"."identityarn" <> ''
                              THEN "t3"."identityarn"
                              ELSE "t3"."invokedby"
                            END,
                            '(?s)^(arn:[^:]*:)sts(::[^:]*:)assumed-role(/[^/]+)(?:/.*)?$',
                            2
                          ),
                          ''
                        ),
                        'role',
                        COALESCE(
                          REGEXP_EXTRACT(
                            CASE
                              WHEN "t3"."issuerarn" <> ''
                              THEN "t3"."issuerarn"
                              WHEN "t3"."identityarn" <> ''
                              THEN "t3"."identityarn"
                              ELSE "t3"."invokedby"
                            END,
                            '(?s)^(arn:[^:]*:)sts(::[^:]*:)assumed-role(/[^/]+)(?:/.*)?$',
                            3
                          ),
                          ''
                        )
                      )
                    ) AS "principal",
                    REGEXP_REPLACE("t3"."eventname", '[0-9]{4}_?[0-9]{2}_?[0-9]{2}(?:v[0-9]+)?$', '') AS "plainevent"
                  FROM (
                    SELECT
                      "t0"."arns",
                      "t0"."requestparameters",
                      COALESCE("t0"."eventtime", '') AS "eventtime",
                      COALESCE("t0"."eventcategory", '') AS "eventcategory",
                      COALESCE("t0"."eventsource", '') AS "eventsource",
                      COALESCE("t0"."eventname", '') AS "eventname",
                      COALESCE("t0"."eventtype", '') AS "eventtype",
                      COALESCE("t0"."awsregion", '') AS "awsregion",
                      COALESCE("t0"."recipientaccountid", '') AS "recipientaccountid",
                      COALESCE("t0"."sharedeventid", '') AS "sharedeventid",
                      COALESCE("t0"."errorcode", '') AS "errorcode",
                      COALESCE("t0"."errormessage", '') AS "errormessage",
                      COALESCE("t0"."identitytype", '') AS "identitytype",
                      COALESCE("t0"."identityarn", '') AS "identityarn",
                      COALESCE("t0"."identityaccount", '') AS "identityaccount",
                      COALESCE("t0"."invokedby", '') AS "invokedby",
                      COALESCE("t0"."issuerarn", '') AS "issuerarn",
                      IF(
                        COALESCE("t0"."eventcategory", '') = '',
                        'Management',
                        COALESCE("t0"."eventcategory", '')
                      ) AS "category",
                      REGEXP_REPLACE(COALESCE("t0"."eventsource", ''), '\.amazonaws\.com(?:\.cn)?$', '') AS "source"
                    FROM "records" AS "t0"
                    WHERE
                      LENGTH(COALESCE("t0"."eventtime", '')) = 20
                      AND REGEXP_LIKE(
                        COALESCE("t0"."eventtime", ''),
                        '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T[0-9]{2}:[0-9]{2}:[0-9]{2}Z'
                      )
                      AND IF(
                        COALESCE("t0"."eventcategory", '') = '',
                        'Management',
                        COALESCE("t0"."eventcategory", '')
                      ) IN ('Management', 'Data')
                      AND COALESCE("t0"."eventtime", '') >= '2026-08-02T00:00:00Z'
                      AND COALESCE("t0"."eventtime", '') < '2026-08-20T00:00:00Z'
                  ) AS "t3"
                ) AS "t7"
                WHERE
                  "t7"."eventtype" IN ('AwsApiCall', '')
                  AND REGEXP_LIKE(
                    "t7"."principal",
                    '(?s)^(?:arn:aws:iam::.*:role/todos\-dev\-.*|arn:aws:iam::.*:user/deploy)$'
                  )
                  AND NOT (
                    (
                      "t7"."sharedeventid" <> ''
                    )
                    AND (
                      "t7"."identityaccount" <> ''
                    )
                    AND (
                      "t7"."recipientaccountid" <> ''
                    )
                    AND (
                      "t7"."identityaccount" <> "t7"."recipientaccountid"
                    )
                  )
              ) AS "t9"
              LEFT OUTER JOIN "hints" AS "t2"
                ON "t9"."source" = "t2"."source" AND "t9"."plainevent" = "t2"."event"
            ) AS "t10"
          ) AS "t11"
        ) AS "t12"
        CROSS JOIN UNNEST(SEQUENCE(1, GREATEST(CARDINALITY("t12"."arns")))) AS _u(pos)
        CROSS JOIN UNNEST("t12"."arns") WITH ORDINALITY AS _u_2("resource", pos_2)
        WHERE
          _u.pos = _u_2.pos_2
          OR (
            _u.pos > CARDINALITY("t12"."arns") AND _u_2.pos_2 = CARDINALITY("t12"."arns")
          )
      ) AS "t13"
    ) AS "t14"
    GROUP BY
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      11,
      12,
      13
  ) AS "t15"
) AS "t16"
