<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_IN">
<context>
    <name>tijori::Activation</name>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n span(s) found</source>
        <translation>
            <numerusform>%n span found</numerusform>
            <numerusform>%n spans found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ApplianceSection</name>
    <message numerus="yes">
        <source>%n setting(s) changed</source>
        <translation>
            <numerusform>%n setting changed</numerusform>
            <numerusform>%n settings changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::AuditFilters</name>
    <message numerus="yes">
        <source>%n client(s) are meant by %1: %2.</source>
        <translation>
            <numerusform>%n client is meant by %1: %2.</numerusform>
            <numerusform>%n clients are meant by %1: %2.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::AuditScreen</name>
    <message numerus="yes">
        <source>%n row(s) saved to %1.</source>
        <translation>
            <numerusform>%n row saved to %1.</numerusform>
            <numerusform>%n rows saved to %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new</source>
        <translation>
            <numerusform>%n new</numerusform>
            <numerusform>%n new</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::AuditVerdictWords</name>
    <message numerus="yes">
        <source>%n checkpoint(s) kept by this console, and the log contradicts them.</source>
        <translation>
            <numerusform>%n checkpoint kept by this console, and the log contradicts it.</numerusform>
            <numerusform>%n checkpoints kept by this console, and the log contradicts them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) kept by this console, %1 still to be compared.</source>
        <translation>
            <numerusform>%n checkpoint kept by this console, %1 still to be compared.</numerusform>
            <numerusform>%n checkpoints kept by this console, %1 still to be compared.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) kept by this console, none in conflict.</source>
        <translation>
            <numerusform>%n checkpoint kept by this console, none in conflict.</numerusform>
            <numerusform>%n checkpoints kept by this console, none in conflict.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The last %n record(s), at most %1 old, are not signed yet.</source>
        <translation>
            <numerusform>The last record, at most %1 old, is not signed yet.</numerusform>
            <numerusform>The last %n records, at most %1 old, are not signed yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>over %n record(s), seen %1</source>
        <translation>
            <numerusform>over %n record, seen %1</numerusform>
            <numerusform>over %n records, seen %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) to ask about: %1</source>
        <translation>
            <numerusform>%n thing to ask about: %1</numerusform>
            <numerusform>%n things to ask about, the first: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::BenchPane</name>
    <message numerus="yes">
        <source>%n span(s), %1 differ</source>
        <translation>
            <numerusform>%n span, %1 differs</numerusform>
            <numerusform>%n spans, %1 differ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n span(s)</source>
        <translation>
            <numerusform>%n span</numerusform>
            <numerusform>%n spans</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ChatStream</name>
    <message numerus="yes">
        <source>%1 Try again in %n s.</source>
        <translation>
            <numerusform>%1 Try again in %n s.</numerusform>
            <numerusform>%1 Try again in %n s.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ClientDrawer</name>
    <message numerus="yes">
        <source>%n day(s) of %1 left</source>
        <translation>
            <numerusform>%n day of %1 left</numerusform>
            <numerusform>%n days of %1 left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) under way are cut; their users see an error.</source>
        <translation>
            <numerusform>%n answer under way is cut; its user sees an error.</numerusform>
            <numerusform>%n answers under way are cut; their users see an error.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n certificate(s) stop working and can&apos;t be restored.</source>
        <translation>
            <numerusform>%n certificate stops working and can&apos;t be restored.</numerusform>
            <numerusform>%n certificates stop working and can&apos;t be restored.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ClientTable</name>
    <message numerus="yes">
        <source>%n answer(s) under way</source>
        <translation>
            <numerusform>%n answer under way</numerusform>
            <numerusform>%n answers under way</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ClientsScreen</name>
    <message numerus="yes">
        <source>%n client(s) in the register</source>
        <translation>
            <numerusform>%n client in the register</numerusform>
            <numerusform>%n clients in the register</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n expire(s) within 30 days</source>
        <translation>
            <numerusform>%n expires within 30 days</numerusform>
            <numerusform>%n expire within 30 days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ExpertWords</name>
    <message numerus="yes">
        <source>Imbalance %1, where 1 is even. %n expert(s) of a layer were never chosen. Compare the model&apos;s digest with its publisher&apos;s: a damaged router looks like this.</source>
        <translation>
            <numerusform>Imbalance %1, where 1 is even. %n expert of a layer was never chosen. Compare the model&apos;s digest with its publisher&apos;s: a damaged router looks like this.</numerusform>
            <numerusform>Imbalance %1, where 1 is even. %n experts of a layer were never chosen. Compare the model&apos;s digest with its publisher&apos;s: a damaged router looks like this.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::Finding</name>
    <message numerus="yes">
        <source>Working. %n thing(s) to do: %1</source>
        <translation>
            <numerusform>Working. One thing to do: %1</numerusform>
            <numerusform>Working. %n things to do: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::FindingsPanel</name>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n finding</numerusform>
            <numerusform>%n findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::FitWords</name>
    <message numerus="yes">
        <source>%1 tokens × %n sequence(s)</source>
        <translation>
            <numerusform>%1 tokens × %n sequence</numerusform>
            <numerusform>%1 tokens × %n sequences</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::GuardrailsScreen</name>
    <message numerus="yes">
        <source>%n rule(s) changed</source>
        <translation>
            <numerusform>%n rule changed</numerusform>
            <numerusform>%n rules changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::LoadWords</name>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n s</numerusform>
            <numerusform>%n s</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::LockSection</name>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::LockView</name>
    <message numerus="yes">
        <source>Wrong %n time(s): wait %1 s before the next try.</source>
        <translation>
            <numerusform>Wrong %n time: wait %1 s before the next try.</numerusform>
            <numerusform>Wrong %n times: wait %1 s before the next try.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::LogPanel</name>
    <message numerus="yes">
        <source>%n record(s)</source>
        <translation>
            <numerusform>%n record</numerusform>
            <numerusform>%n records</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::MinuteBars</name>
    <message numerus="yes">
        <source>%1 records in %n bar(s)</source>
        <translation>
            <numerusform>%1 records in %n bar</numerusform>
            <numerusform>%1 records in %n bars</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ModelDrawerWords</name>
    <message numerus="yes">
        <source>%1, %n thread(s)</source>
        <translation>
            <numerusform>%1, %n thread</numerusform>
            <numerusform>%1, %n threads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) are running. They may finish within the time below, then they are cut.</source>
        <translation>
            <numerusform>%n request is running. It may finish within the time below, then it is cut.</numerusform>
            <numerusform>%n requests are running. They may finish within the time below, then they are cut.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait and are refused.</source>
        <translation>
            <numerusform>%n request waits and is refused.</numerusform>
            <numerusform>%n requests wait and are refused.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::Numbers</name>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <translation>
            <numerusform>%n h</numerusform>
            <numerusform>%n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::PaletteView</name>
    <message numerus="yes">
        <source>%n result(s)</source>
        <translation>
            <numerusform>%n result</numerusform>
            <numerusform>%n results</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::PlotTableDialog</name>
    <message numerus="yes">
        <source>%1 to %2, %n row(s)</source>
        <translation>
            <numerusform>%1 to %2, %n row</numerusform>
            <numerusform>%1 to %2, %n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::RecordDetail</name>
    <message numerus="yes">
        <source>%1, %n record(s)</source>
        <translation>
            <numerusform>%1, %n record</numerusform>
            <numerusform>%1, %n records</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::RuleDialog</name>
    <message numerus="yes">
        <source>%n word(s): edit them in the document</source>
        <translation>
            <numerusform>%n word: edit it in the document</numerusform>
            <numerusform>%n words: edit them in the document</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::RuleForm</name>
    <message numerus="yes">
        <source>%1, %n literal(s)</source>
        <translation>
            <numerusform>%1, %n literal</numerusform>
            <numerusform>%1, %n literals</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %n pattern(s)</source>
        <translation>
            <numerusform>%1, %n pattern</numerusform>
            <numerusform>%1, %n patterns</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::SectionList</name>
    <message numerus="yes">
        <source>%1, %n found</source>
        <translation>
            <numerusform>%1, %n found</numerusform>
            <numerusform>%1, %n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::SettingsScreen</name>
    <message numerus="yes">
        <source>%n setting(s) of %1</source>
        <translation>
            <numerusform>%n setting of %1</numerusform>
            <numerusform>%n settings of %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::SettingsSection</name>
    <message numerus="yes">
        <source>%n person(s)</source>
        <translation>
            <numerusform>%n person</numerusform>
            <numerusform>%n persons</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::VerdictBand</name>
    <message numerus="yes">
        <source>%n more alarm(s) of this console are older.</source>
        <translation>
            <numerusform>%n more alarm of this console is older.</numerusform>
            <numerusform>%n more alarms of this console are older.</numerusform>
        </translation>
    </message>
</context>
</TS>
